import Curl
import ListenerProtocol
import Testing

@testable import Listeners

struct HostTests {
    private func trouble(_ environment: [String: String], url: String? = nil) -> String? {
        do {
            _ = try ListenerEnvironment(environment: environment).client(
                url: url.map { OptionValue(name: "--server-url", text: $0) }, authorities: .system)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `An empty variable counts as unset`() {
        let host = ListenerEnvironment(environment: [
            "SUPERVISOR_USERNAME": "", "SUPERVISOR_PASSWORD": "p",
        ])
        #expect(host["SUPERVISOR_USERNAME"] == nil)
        #expect(host["SUPERVISOR_PASSWORD"] == "p")
        #expect(host["SUPERVISOR_SERVER_URL"] == nil)
    }

    @Test func `Only supervisord's own variables identify it`() {
        #expect(ListenerEnvironment(environment: ["SUPERVISOR_ENABLED": "1"]).isSupervised)
        #expect(ListenerEnvironment(environment: ["SUPERVISOR_GROUP_NAME": "x"]).isSupervised)
        #expect(!ListenerEnvironment(environment: ["SUPERLANCE_SMTP_PASSWORD": "x"]).isSupervised)
        #expect(!ListenerEnvironment(environment: [:]).isSupervised)
    }

    @Test(arguments: [
        ([:], nil),
        (["SUPERVISOR_GROUP_NAME": "g"], nil),
        (["SUPERVISOR_PROCESS_NAME": "p"], ProcessName(group: "p", name: "p")),
        (["SUPERVISOR_PROCESS_NAME": "", "SUPERVISOR_GROUP_NAME": "g"], nil),
        (
            ["SUPERVISOR_PROCESS_NAME": "守望", "SUPERVISOR_GROUP_NAME": "g"],
            ProcessName(group: "g", name: "守望")
        ),
    ])
    func `The name of a listener is from its environment`(
        _ environment: [String: String], _ own: ProcessName?
    ) {
        #expect(ListenerEnvironment(environment: environment).own == own)
    }

    @Test(arguments: [
        "unix:///run/supervisor.sock", "http://127.0.0.1:9001", "http://u:p@[::1]:9001/RPC2",
        "https://example.org",
    ])
    func `The server URL is from the environment or the option`(_ url: String) {
        #expect(trouble(["SUPERVISOR_SERVER_URL": url]) == nil)
        #expect(trouble([:], url: url) == nil)
        #expect(trouble(["SUPERVISOR_SERVER_URL": "nonsense"], url: url) == nil)
    }

    @Test func `Without a server URL, the error names what to set`() {
        #expect(
            trouble(["SUPERVISOR_ENABLED": "1"])
                == "no server URL: add [unix_http_server] and "
                + "[rpcinterface:supervisor] to supervisord.conf, or give --server-url")
        // The host that sets no variables talks over an open pipe, as the input of this test may
        // be.
        let words =
            ListenerEnvironment(environment: [:]).mayBeSupervised
            ? "--server-url is missing" : ListenerEnvironment.notSupervised.description
        #expect(trouble([:])?.hasPrefix(words) == true)
    }

    @Test(arguments: [
        "nonsense", "unix://relative", "ftp://h", "http://", "http://h:0", "http://h:x",
    ])
    func `An invalid server URL is rejected with the name of its source`(_ url: String) throws {
        let environment = ["SUPERVISOR_SERVER_URL": url]
        #expect(try #require(trouble(environment)).hasPrefix("SUPERVISOR_SERVER_URL: "))
        #expect(try #require(trouble([:], url: url)).hasPrefix("--server-url: "))
    }

    @Test func `A password in an invalid URL is not shown`() throws {
        let text = try #require(trouble([:], url: "http://me:geheim@h:x"))
        #expect(!text.contains("geheim"))
    }
}
