// The names of process states.

internal import ListenerProtocol

extension ProcessState {
    /// The name as supervisord writes it, such as `RUNNING`.
    var name: String { "\(self)".uppercased() }
}
