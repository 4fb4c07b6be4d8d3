// Why nothing is done about a process that fails its checks.

internal import ListenerProtocol
internal import System

/// Why nothing is done at the moment about a process that fails its checks.
enum HoldReason: Hashable, Sendable {
    /// It is the listener itself.
    case own
    /// It is not RUNNING.
    case state(ProcessState)
    /// The silence file says so.
    case silenced(until: Timestamp)
    /// It has been started a short time ago; the seconds that are left.
    case startPeriod(left: Int)
    /// Too few checks have failed.
    case threshold(failures: Int, FailureThreshold)
    /// Another one of its group is restarted first, to see whether that helps.
    case canary(ProcessName)
    /// Restarting another one of its group has not helped; how many are left alone.
    case canaryFailed(ProcessName, others: Int)
    /// The restarts that are allowed have not helped.
    case budget(RestartLimit, back: Timestamp)
    /// It is not the time for restarts.
    case window(opens: Timestamp)
    /// Others of its group are down already.
    case group(down: [ProcessName])
    /// Nothing is ever done, only alerts are sent.
    case alertOnly
    /// `--before` said not now.
    case before
}

extension HoldReason {
    /// The reason as metrics name it.
    var label: String {
        switch self {
        case .own: "own"
        case .state: "state"
        case .silenced: "silenced"
        case .startPeriod: "start_period"
        case .threshold: "threshold"
        case .canary: "canary"
        case .canaryFailed: "canary_failed"
        case .budget: "budget"
        case .window: "window"
        case .group: "group"
        case .alertOnly: "alert_only"
        case .before: "before"
        }
    }

    /// Whether it is of superlance's own rules rather than of the policy.
    var isOriginal: Bool {
        switch self {
        case .own, .state: true
        default: false
        }
    }

    /// Whether another one is the same apart from what changes by itself from tick to tick.
    func isSame(as other: HoldReason?) -> Bool {
        switch (self, other) {
        case (.startPeriod, .startPeriod), (.canaryFailed, .canaryFailed): true
        default: self == other
        }
    }
}

extension HoldReason: CustomStringConvertible {
    /// The reason as a clause.
    var description: String {
        switch self {
        case .own: "it is this listener"
        case .state(let state): "it is \(state.name)"
        case .silenced(let end): "silenced until \(end.clock)"
        case .startPeriod(let left): "start period, \(left) s left"
        case .threshold(let failures, let threshold):
            threshold.checks == threshold.failures
                ? "\(failures) of \(threshold.failures) failed"
                : "\(failures) of \(threshold.failures) failed among the last \(threshold.checks)"
        case .canary(let process): "\(process) is restarted first, to see whether it helps"
        case .canaryFailed(let process, let others):
            "restarting \(process) has not helped, \(others) left alone"
        case .budget(_, let back): "budget back at \(back.clock)"
        case .window(let time): "window opens \(time.clock)"
        case .group(let down):
            "group has \(down.count == 1 ? "one" : "\(down.count)") down already "
                + "(\(down.map(\.description).joined(separator: ", ")))"
        case .alertOnly: "--action alert"
        case .before: "--before said not now"
        }
    }
}

extension Timestamp {
    /// The time as people say it: the hour today, the day besides otherwise.
    var clock: String {
        let day = "%Y-%m-%d"
        return formatted(day) == Timestamp.now.formatted(day)
            ? formatted("%H:%M") : formatted("%Y-%m-%d %H:%M")
    }
}
