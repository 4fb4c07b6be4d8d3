// The address of a web service, most of which is secret.

internal import Curl
internal import Text

/// The address of a web service.
///
/// Whoever knows the address of a webhook may use it: its path, its query and its login are
/// secrets. It describes itself by scheme, host and port.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The URL, secrets and all.
    public let url: String

    /// Scheme, host and port, fit for logs.
    public let description: String

    /// Secrets that go there beside the URL, such as the values of header fields.
    public var others: [String] = []

    /// Takes over a URL.
    ///
    /// - Parameters:
    ///   - url: The URL.
    ///   - origin: Its scheme, host and port.
    public init(url: String, origin: String) {
        self.url = url
        description = origin
    }

    /// The URL of a resource below this one.
    ///
    /// - Parameter path: The path, beginning with a slash.
    /// - Returns: The address.
    func appending(_ path: String) -> WebAddress {
        var base = url.utf8[...]
        while base.last == UInt8(ascii: "/") { base.removeLast() }
        return WebAddress(url: String(Substring(base)) + path, origin: description)
    }

    /// A text without this address's secrets, should a server repeat them.
    func redacting(_ text: String) -> String {
        // What is shorter is no secret, and would be found in every second word.
        let delimiters = "/?#&=@:".utf8
        let parts =
            url.utf8.split { delimiters.contains($0) }.map { String(Substring($0)) } + others
        let known = Set(parts + parts.map(\.percentDecoded)).filter { part in
            part.count >= 4 && !description.containsText(part)
        }
        return text.redacting(known)
    }
}
