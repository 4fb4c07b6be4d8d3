internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC

/// The state of a process a moment after it died, in words.
struct Aftermath {
    /// The current data of the process.
    let info: SupervisedProcess
    /// The latest time of its death, in seconds since 1970.
    let time: Int
    /// How often it was started since; nil if unknown.
    let starts: Int?

    /// The delay after which the new state is known: supervisord restarts a process within a
    /// second.
    static let delay = Duration.seconds(1)

    /// The words for a process that supervisord has not restarted.
    static let notRestarted = StateClause.notRestarted.ofOne

    /// The words for a process that failed to start too often.
    static let fatal = StateClause.notStarted.ofOne

    /// The same under the Go implementation, which may start it again.
    private static let fatalOfGoHost = "down (FATAL)"

    /// Whether words are those for a process that failed to start too often.
    static func isFatal(_ words: String) -> Bool { [fatal, fatalOfGoHost].contains(words) }

    /// The words; nil for a state that supervisord does not document.
    ///
    /// That supervisord does not restart the process is inferred, because no RPC returns
    /// `autorestart=`.
    var words: String? {
        switch info.state {
        case .running: "restarted, running (pid \(info.pid))"
        case .starting: "restarted, starting (pid \(info.pid))"
        case .backoff: "in BACKOFF\(tries)"
        // The Go implementation may start either again, seconds later.
        case .exited where isSameRun: info.isFromGoSupervisord ? "down (EXITED)" : Self.notRestarted
        case .fatal where info.isFromGoSupervisord: Self.fatalOfGoHost
        case .exited: "restarted, and EXITED again"
        case .fatal: Self.fatal
        case .stopping, .stopped: "stopped on request"
        case .unknown: nil
        }
    }

    /// Whether the process was not started since.
    private var isSameRun: Bool { info.start <= time && (starts ?? 0) == 0 }

    private static let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"]

    private var tries: String {
        guard let starts, starts > 0 else { return "" }
        return starts <= Self.ordinals.count
            ? ", \(Self.ordinals[starts - 1]) try" : ", try \(starts)"
    }
}
