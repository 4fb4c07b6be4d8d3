internal import Curl
internal import Text

/// The URL of a web service.
///
/// Anyone who knows the URL of a webhook can use it: its path, query and credentials are secrets.
/// Its description has only scheme, host and port.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The URL, including secrets.
    public let url: String

    /// Scheme, host and port, for logs.
    public let description: String

    /// Further secrets sent to it, such as the values of header fields.
    public var others: [String] = []

    /// Creates an address.
    ///
    /// - Parameters:
    ///   - url: The URL.
    ///   - origin: Its scheme, host and port.
    public init(url: String, origin: String) {
        self.url = url
        description = origin
    }

    /// Returns the URL of a resource below this one.
    ///
    /// - Parameter path: The path, beginning with a slash.
    /// - Returns: The address.
    func appending(_ path: String) -> WebAddress {
        var base = url.utf8[...]
        while base.last == UInt8(ascii: "/") { base.removeLast() }
        return WebAddress(url: String(Substring(base)) + path, origin: description)
    }

    /// Redacts this address's secrets in a text that may repeat them.
    func redacting(_ text: String) -> String {
        // Shorter parts are not secret, and would match ordinary words.
        let delimiters = "/?#&=@:".utf8
        let parts =
            url.utf8.split { delimiters.contains($0) }.map { String(Substring($0)) } + others
        let known = Set(parts + parts.map(\.percentDecoded)).filter { part in
            part.count >= 4 && !description.containsText(part)
        }
        return text.redacting(known)
    }
}
