// What is done with a process.

/// What is done with a process when it is its turn.
enum RestartAct: String, Hashable, Sendable {
    /// It is stopped and started.
    case restart
    /// It is stopped, and left STOPPED.
    case stop
    /// It does not run, and is started.
    case start
}
