internal import Alerting
internal import ListenerProtocol
internal import Text

/// The name of a listener's directory in the spool.
struct SpoolName {
    /// The tool, and what distinguishes the listener from others of this tool.
    let listener: String
    /// The listener as it is where supervisord does not name its listeners.
    let nameless: NamelessListener
}

extension Settings {
    /// The name of this listener's directory in the spool.
    ///
    /// The Go implementation does not name its listeners. Two sections of the same tool must not
    /// deliver each other's alerts, so their options distinguish them.
    var spoolName: SpoolName {
        let tool = origin.tool
        // A checksum of a password could be used to guess it; URLs of webhooks are too long for that.
        let secrets: Set<OptionKey> = [.password, .serverURL, .header, .data]
        let options = arguments.occurrences.filter { !secrets.contains($0.key) }
            .map { "\($0.key.rawValue)\t\($0.text ?? "")" }
        let words = (options + arguments.operands).joined(separator: "\n")
        let nameless = NamelessListener(tool: tool, checksum: words.checksum)
        let name = environment.own.map { "\(tool).\($0.qualifiedName)" }
        return SpoolName(listener: name ?? nameless.directory, nameless: nameless)
    }
}
