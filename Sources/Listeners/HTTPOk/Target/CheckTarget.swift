// What a check looks at.

/// What a check looks at: a web page, a port, a socket or a command.
enum CheckTarget: Hashable {
    /// `http://` or `https://`: an answer is checked.
    case web(WebURL)
    /// `tcp://host:port`: a connection is made; the URL is a stand-in with the same host and port.
    case port(WebURL)
    /// `unix:PATH`: a connection is made.
    case socket(String)
    /// `exec:COMMAND`: its words; its exit status is checked.
    case command([String], text: String)

    /// The target without login, fit for logs and mails.
    var redacted: String {
        switch self {
        case .web(let url): url.redacted
        case .port(let url): "tcp://\(url.redacted.dropFirst("http://".count))"
        case .socket(let path): "unix:\(path)"
        case .command(_, let text): "exec:\(text)"
        }
    }

    /// A text without what the target holds in confidence, should somebody repeat it.
    func hidingSecrets(in text: String) -> String {
        if case .web(let url) = self { url.hidingLogin(in: text) } else { text }
    }

    /// The beginnings by which a target is known where something may stand before it.
    static let marks = ["://", "tcp:", "unix:", "exec:"]

    /// How many bytes the path of a socket can have (unix(7)).
    static let pathLimit = 107

    /// Reads a target other than a command.
    ///
    /// - Parameter value: The text, without what stands before it.
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
            throw UsageError("\(value.name): unix: requires the whole path of a socket")
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
        else { throw value.error(wanting: "tcp://host:port and nothing else") }
        return url
    }
}
