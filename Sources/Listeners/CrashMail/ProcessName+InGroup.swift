internal import ListenerProtocol

extension ProcessName {
    /// The name in superlance's texts: `web in group site`, or `web` if the group is unknown.
    var inGroup: String { hasGroup ? "\(name) in group \(group)" : name }
}
