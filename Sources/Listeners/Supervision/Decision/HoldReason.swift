internal import Alerting
internal import ListenerProtocol
internal import System

/// Why a process that fails its checks is currently left alone.
enum HoldReason: Hashable, Sendable {
    /// It is the listener itself.
    case ownListener
    /// It is not RUNNING.
    case state(ProcessState)
    /// It is silenced by the silence file.
    case silenced(until: Timestamp)
    /// It was started recently; the seconds left.
    case startPeriod(left: Int)
    /// Too few checks have failed.
    case threshold(failures: Int, FailureThreshold)
    /// Another process of its group is restarted first, to check whether that helps.
    case canary(ProcessName)
    /// Restarting another process of its group has not helped; the number of processes left alone.
    case canaryFailed(ProcessName, others: Int)
    /// Its restart budget is spent; the window is when that opens, if it is closed then.
    case budget(RestartLimit, back: Timestamp, window: Timestamp? = nil)
    /// It is outside of the restart window.
    case window(opens: Timestamp)
    /// Too many processes of its group are down.
    case group(down: [ProcessName])
    /// Another process that serves the same site is being restarted.
    case site(ProcessName)
    /// As many restarts are running as may.
    case concurrency
    /// Restarts are disabled; only alerts are sent.
    case alertOnly
    /// `--before` postponed it.
    case postponed
}

extension HoldReason {
    /// The value of the metrics label.
    var label: String {
        switch self {
        case .ownListener: "own"
        case .state: "state"
        case .silenced: "silenced"
        case .startPeriod: "start_period"
        case .threshold: "threshold"
        case .canary: "canary"
        case .canaryFailed: "canary_failed"
        case .budget: "budget"
        case .window: "window"
        case .group: "group"
        case .site: "site"
        case .concurrency: "concurrency"
        case .alertOnly: "alert_only"
        case .postponed: "before"
        }
    }

    /// Whether restarts have not helped, which has an alert of its own.
    var isGivenUp: Bool {
        switch self {
        case .budget, .canaryFailed: true
        default: false
        }
    }

    /// The level of its log line.
    var level: Log.Level { isGivenUp ? .warning : .info }

    /// The process that an alert about it is about; nil for the one that is left alone.
    var subject: ProcessName? {
        if case .canaryFailed(let canary, _) = self { canary } else { nil }
    }

    /// Whether it is queued, and waits for its turn.
    var isTurn: Bool {
        switch self {
        case .group, .site, .concurrency: true
        default: false
        }
    }

    /// Whether it is one of superlance's rules rather than of the policy.
    var isOriginal: Bool {
        switch self {
        case .ownListener, .state: true
        default: false
        }
    }

    /// Whether both reasons are equal, apart from values that change with each tick.
    func isSame(as other: HoldReason?) -> Bool {
        switch (self, other) {
        case (.startPeriod, .startPeriod), (.canaryFailed, .canaryFailed): true
        case (.budget(let limit, let time, _), .budget(let otherLimit, let other, _)):
            limit == otherLimit && time.isClose(to: other)
        case (.silenced(let time), .silenced(let other)): time.isClose(to: other)
        case (.window(let time), .window(let other)): time.isClose(to: other)
        default: self == other
        }
    }
}

extension HoldReason: CustomStringConvertible {
    /// The reason as a clause.
    var description: String {
        switch self {
        case .ownListener: "it is this listener"
        case .state(let state): "it is \(state.name)"
        case .silenced(let end): "silenced until \(end.clock)"
        case .startPeriod(let left): "start period, \(left) s left"
        case .threshold(let failures, let threshold):
            threshold.checks == threshold.failures
                ? "\(failures) of \(threshold.failures) failed"
                : "\(failures) of \(threshold.failures) failed in the last \(threshold.checks) checks"
        case .canary(let process): "\(process) is restarted first, as a test"
        case .canaryFailed(let process, let others):
            "restarting \(process) did not help, "
                + "\(others) \(others == 1 ? "other" : "others") not restarted"
        case .budget(_, let back, nil): "restart limit reached until \(back.clock)"
        case .budget(_, let back, let window?):
            "restart limit reached until \(back.clock), window opens \(window.clock)"
        case .window(let time): "window opens \(time.clock)"
        case .group(let down):
            (down.count == 1
                ? "another process in the group is down "
                : "\(down.count) processes in the group are down ")
                + "(\(down.map(\.description).joined(separator: ", ")))"
        case .site(let process): "another process behind its URL is being restarted (\(process))"
        case .concurrency: "\(RestartPolicy.concurrency) restarts are in progress"
        case .alertOnly: "--action alert"
        case .postponed: "--before postponed it"
        }
    }
}

extension Timestamp {
    /// Whether both are the same moment, calculated from clocks that drift.
    fileprivate func isClose(to other: Timestamp) -> Bool {
        seconds.subtractingSaturated(other.seconds).magnitude < 60
    }

    /// The time for people: the hour, with the date unless it is today.
    var clock: String {
        let day = "%Y-%m-%d"
        return formatted(day) == Timestamp.now.formatted(day)
            ? formatted("%H:%M") : formatted("%Y-%m-%d %H:%M")
    }
}
