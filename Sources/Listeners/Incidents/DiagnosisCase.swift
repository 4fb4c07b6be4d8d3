internal import Alerting
internal import ListenerProtocol
internal import System

/// An incident to diagnose, with the data that is available before.
struct DiagnosisCase {
    let process: ProcessName
    /// The identifier of the dead process; nil if it never ran.
    let pid: Int?
    /// Exited or fatal.
    let kind: Incident.Kind
    /// The latest time of its death.
    let time: Timestamp
    /// Whether it occurred so long ago that supervisord has already restarted the process or not.
    var isOld = false
    /// Where its lines begin and end in its logs; nil if unknown.
    var span: LogSpan?
    /// Whether the name is unique across groups, because supervisord's log does not name groups.
    var hasUniqueName = false
    /// The paths of its logs to which other processes write, too.
    var sharedLogs: Set<String> = []
    /// The OOM killer's count before the death.
    var killed: OOMKiller.Count?
}
