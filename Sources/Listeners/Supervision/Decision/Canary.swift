internal import ListenerProtocol
internal import System

/// The process of a group that is restarted first, to check whether that helps.
struct Canary: Hashable, Sendable {
    let process: ProcessName
    /// Whether its restart has not helped.
    var hasFailed = false
    /// The failures of its checks after its restart, by check.
    var failures: [String: String] = [:]
    /// Its state when it was last seen after its restart.
    var state: ProcessState?
    /// Whether the listener has restarted it again since: that new start does not change the verdict.
    var isRestartedAgain = false
    /// How many times in a row it was seen neither running nor starting since its restart.
    var downCount = 0
    /// When that was last seen.
    var lastLook: Instant?
    /// How many of its checks in a row had no result since its restart.
    var unknownCount = 0
    /// The failing processes of its group that wait for it.
    var others: Set<ProcessName> = []
    /// When an alert about its failure was sent.
    var reminder = Reminder()

    /// Records that its check has a result.
    mutating func noteResult(of process: ProcessName) {
        if process == self.process { unknownCount = 0 }
    }

    /// How often it must be seen down before its restart counts as failed: supervisord restarts
    /// processes on its own within a second.
    static let downLimit = 2
    /// How many checks without a result are enough to let the next process follow.
    static let unknownLimit = 3
}
