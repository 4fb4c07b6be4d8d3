internal import ListenerProtocol
internal import Text

/// The processes that are restarted first, one for each group.
struct Canaries: Hashable, Sendable {
    /// By group; names are compared byte by byte.
    private var entries: [ExactText: Canary] = [:]
    /// When alerts about earlier ones were sent, which have ended since.
    private var reminders: [ProcessName: Reminder] = [:]

    /// The process of a group that is restarted first; nil for none.
    subscript(group: String) -> Canary? {
        get { entries[ExactText(group)] }
        set { entries[ExactText(group)] = newValue }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Begins the test of a process: alerts about it keep the pace of those about an earlier test.
    func begin(_ process: ProcessName) -> Canary {
        Canary(process: process, reminder: reminders[process] ?? Reminder())
    }

    /// Ends the test of a group.
    ///
    /// - Returns: The process whose alert has ended; nil if there was none.
    mutating func end(_ group: String) -> ProcessName? {
        guard var canary = self[group] else { return nil }
        self[group] = nil
        let wasActive = canary.reminder.pause()
        if canary.reminder.last != nil { reminders[canary.process] = canary.reminder }
        return wasActive ? canary.process : nil
    }

    /// Forgets a process.
    mutating func forget(_ process: ProcessName) {
        reminders[process] = nil
        self[process.group]?.others.remove(process)
    }

    /// Those of all groups.
    var all: [Canary] { Array(entries.values) }
}
