/// The target of a check: a web page, a port, a socket or a command.
enum CheckTarget: Hashable {
    /// `http://` or `https://`: the response is checked.
    case web(WebURL)
    /// `tcp://host:port`: the connection is checked; the URL has the same host and port.
    case port(WebURL)
    /// `unix:PATH`: the connection is checked.
    case socket(String)
    /// `exec:COMMAND`: the exit status is checked; the words of the command.
    case command([String], text: String)

    /// The target without credentials, for logs and mails.
    var redacted: String {
        switch self {
        case .web(let url): url.redacted
        case .port(let url): "tcp://\(url.redacted.dropFirst("http://".count))"
        case .socket(let path): "unix:\(path)"
        case .command(_, let text): "exec:\(text)"
        }
    }

    /// Redacts the target's secrets in a text that may repeat them.
    func hidingSecrets(in text: String) -> String {
        if case .web(let url) = self { url.hidingLogin(in: text) } else { text }
    }

    /// The prefixes of targets other than web pages.
    static let prefixes = ["tcp:", "unix:", "exec:"]

    /// The maximum size of a socket's path in bytes (unix(7)).
    static let pathLimit = 107

    /// Parses a target other than a command.
    ///
    /// - Parameter value: The text after the pattern.
    /// - Throws: `UsageError` with what to change.
    init(_ value: OptionValue) throws(UsageError) {
        let text = value.text
        if text.hasPrefix("unix:") {
            self = .socket(try Self.path(value))
        } else if text.hasPrefix("tcp:") {
            self = .port(try Self.port(value))
        } else {
            self = .web(try value.webURL())
        }
    }

    private static func path(_ value: OptionValue) throws(UsageError) -> String {
        var path = value.text.dropFirst("unix:".count)
        if path.hasPrefix("//") { path = path.dropFirst(2) }
        guard path.hasPrefix("/") else {
            throw UsageError("\(value.name): unix: requires the full path of a socket")
        }
        guard path.utf8.count <= pathLimit else {
            throw UsageError("\(value.name): the path of a socket has \(pathLimit) bytes at most")
        }
        return String(path)
    }

    private static func port(_ value: OptionValue) throws(UsageError) -> WebURL {
        let mark = "tcp://"
        let place = value.text.dropFirst(mark.count)
        guard value.text.hasPrefix(mark),
            !place.utf8.contains(where: { "/?#\\@".utf8.contains($0) }),
            let url = WebURL("http://\(place)"), url.hasPort
        else { throw value.error(requiring: "tcp://host:port and nothing else") }
        return url
    }
}
