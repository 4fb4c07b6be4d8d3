internal import ListenerProtocol
internal import System

/// The result of one check for one process.
struct Observation: Hashable, Sendable {
    let instance: ProcessInstance
    /// When the check began: observations from before a restart do not apply after it.
    let begin: Instant
    let state: ProcessState
    /// The process identifier; 0 if it is not running.
    var pid = 0
    /// The uptime in seconds, by supervisord's clock.
    var uptime = 0
    /// The check, such as a URL; each check has its own counters.
    let check: String
    let health: HealthStatus
    /// The measured value and the limit, for the operator's commands.
    var value: String?
    var limit: String?
    /// Whether the check is for this process only, so that one process of its group is restarted
    /// first.
    var isPerProcess = false
    /// Whether other processes may have answered the check, so that a passed one says nothing about
    /// this process.
    var isShared = false
    /// What the process serves, such as its URLs; empty if that does not matter.
    var sites: Set<String> = []
    /// Whether a restart is allowed outside of the window too.
    var ignoresWindow = false
    /// Whether a warning was sent, so that an alert is sent only about a restart.
    var isWarned = false
    /// Whether the check is about the whole group, which has one alert about it: the process that it
    /// is about may change with each check.
    var isOfGroup = false

    var process: ProcessName { instance.process }

    /// The seconds between two times on supervisord's clock.
    ///
    /// The clock may have been set back in between. An unknown start counts as long ago.
    static func uptime(start: Int, now: Int) -> Int {
        guard start > 0 else { return .max }
        let difference = now.subtractingReportingOverflow(start)
        return difference.overflow ? 0 : max(0, difference.partialValue)
    }
}
