/// The action for a process.
enum RestartStep: String, Hashable, Sendable {
    /// Stop and start it.
    case restart
    /// Stop it, and leave it STOPPED.
    case stop
    /// Start it, since it is not running.
    case start
}
