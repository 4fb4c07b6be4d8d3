// What a tool is going to do, before it does it.

internal import ListenerProtocol
internal import SupervisorRPC

/// What a tool is going to do: known when its command line has been read, before anything starts.
struct ListenerPlan {
    /// What it watches, for the line that the log begins with, such as `all processes`.
    let watched: String

    /// The names and patterns that are expected to match a process.
    var selectors: [ProcessSelector] = []

    /// What is hardly meant.
    var warnings: [String] = []

    /// The way to supervisord, if there is one.
    var client: SupervisorClient?

    /// Makes the listener.
    let makeListener: (Runtime) -> any Listener
}

/// A name or a pattern on the command line that is expected to match a process.
struct ProcessSelector: Hashable, Sendable {
    /// The option, such as `-p`.
    let option: String
    /// What it names.
    let pattern: ProcessPattern
    /// Whether it names groups, not processes.
    var isGroup = false

    /// Whether it matches a process.
    func matches(_ process: ProcessName) -> Bool {
        isGroup ? pattern.matches(group: process.group) : pattern.matches(process)
    }
}
