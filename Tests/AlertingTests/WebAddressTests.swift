import Testing
import Text

@testable import Alerting

struct WebAddressTests {
    private static let address: WebAddress = {
        var address = WebAddress(
            url: "https://u:p4ssword@hooks.example.org:8443/T0K3N/bot123%3ASECRET?k=abcd",
            origin: "https://hooks.example.org:8443")
        address.others = ["Bearer", "XYZZY-1234"]
        return address
    }()

    @Test(arguments: [
        ("no /T0K3N here", "no /<redacted> here"), ("k=abcd", "k=<redacted>"),
        ("p4ssword", "<redacted>"), ("bot123:SECRET", "<redacted>"),
        ("you sent XYZZY-1234", "you sent <redacted>"),
        ("hooks.example.org is busy", "hooks.example.org is busy"),
    ])
    func `secrets of the address are redacted when a server repeats them`(
        said: String, shown: String
    ) {
        #expect(Self.address.redacting(said) == shown)
    }
}
