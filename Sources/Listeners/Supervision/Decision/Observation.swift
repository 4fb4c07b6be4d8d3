// What was found out about one process.

internal import ListenerProtocol
internal import System

/// What was found out about one process by one check.
struct Observation: Hashable, Sendable {
    let instance: ProcessInstance
    /// When the check began: what was seen before a restart says nothing about the time after.
    let begin: Instant
    let state: ProcessState
    /// Its identifier; 0 when it does not run.
    var pid = 0
    /// For how many seconds it has run, by supervisord's clock.
    var uptime = 0
    /// Which check it was, such as a URL; counters are kept for each by itself.
    let check: String
    let verdict: CheckVerdict
    /// What was measured and what is allowed, for commands of the operator.
    var value: String?
    var limit: String?
    /// Whether the check asks this one process, so that one of its group is tried first.
    var isPerProcess = false
    /// Whether a restart is allowed outside of the window, too.
    var ignoresWindow = false

    var process: ProcessName { instance.process }

    /// The seconds between two moments of supervisord's clock.
    ///
    /// It may have been set back meanwhile. A start that is unknown counts as long ago.
    static func uptime(start: Int, now: Int) -> Int {
        guard start > 0 else { return .max }
        let difference = now.subtractingReportingOverflow(start)
        return difference.overflow ? 0 : max(0, difference.partialValue)
    }
}
