internal import ListenerProtocol
internal import SupervisorRPC

/// What a tool will do, determined from its command line before anything starts.
struct ListenerPlan {
    /// The watched processes for the first log line, such as `all processes`.
    let watched: String

    /// The names and patterns that should match a process.
    var selectors: [ProcessSelector] = []

    /// The sockets that this user cannot connect to, each with its option and the reason.
    var unusableSockets: [String] = []

    /// Probable mistakes.
    var warnings: [String] = []

    /// Why some of the known processes cannot be watched, as one clause each.
    var faults: (Set<ProcessName>) -> [String] = { _ in [] }

    /// Whether the listener itself reads the silence file, because it acts on processes.
    var readsSilence = false

    /// Whether the listener itself calls supervisord on each tick and reports failed calls, so that
    /// they are not reported twice.
    var reportsFailedCalls = false

    /// The connection to supervisord, if there is one.
    var client: SupervisorClient?

    /// Creates the listener.
    let makeListener: (Runtime) -> any Listener
}

/// A name or pattern on the command line that should match a process.
struct ProcessSelector: Hashable, Sendable {
    /// The option, such as `-p`.
    let option: String
    /// The pattern.
    let pattern: ProcessPattern
    /// Whether it matches groups rather than processes.
    var isGroup = false

    /// Whether it matches a process.
    func matches(_ process: ProcessName) -> Bool {
        isGroup ? pattern.matches(group: process.group) : pattern.matches(process)
    }
}
