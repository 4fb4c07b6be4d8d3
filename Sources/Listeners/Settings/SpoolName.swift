internal import Alerting
internal import ListenerProtocol
internal import Text

/// The name of a listener's directory in the spool.
struct SpoolName {
    /// The tool, and what distinguishes the listener from others of this tool.
    let listener: String
    /// The tool, if supervisord has not named the listener; nil otherwise.
    let family: String?
}

extension Settings {
    /// The name of this listener's directory in the spool.
    ///
    /// The Go implementation does not name its listeners. Two sections of the same tool must not
    /// deliver each other's alerts, so their options distinguish them. After a change of the
    /// options, the earlier directory is one of the family.
    var spoolName: SpoolName {
        let tool = origin.tool
        if let own = environment.own {
            return SpoolName(listener: "\(tool).\(own.qualifiedName)", family: nil)
        }
        // A checksum of a password could be used to guess it; URLs of webhooks are too long for that.
        let secrets: Set<OptionKey> = [.password, .serverURL, .header, .data]
        let options = arguments.occurrences.filter { !secrets.contains($0.key) }
            .map { "\($0.key.rawValue)\t\($0.text ?? "")" }
        let words = (options + arguments.operands).joined(separator: "\n")
        return SpoolName(listener: "\(tool)~\(String(words.checksum, radix: 16))", family: tool)
    }
}
