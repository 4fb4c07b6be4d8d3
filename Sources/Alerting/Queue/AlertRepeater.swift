public import EventLoop
internal import System

/// Repeats active alerts to the channels that forget them otherwise, each independently, so that
/// one that is down or slow does not delay the others.
///
/// Failed alerts are dropped, because the next round repeats them. A failure is logged once until
/// the channel succeeds again.
public final class AlertRepeater {
    private let channels: [any Channel]
    private let loop: PollLoop
    private let log: Log
    private var underway: Set<String> = []
    private var failing: Set<String> = []
    /// Whether the program is shutting down, so that nothing is repeated again.
    public var isFinishing = false

    /// Creates a repeater.
    ///
    /// - Parameters:
    ///   - channels: The channels of a listener; those that keep alerts are ignored.
    ///   - loop: The event loop.
    ///   - log: The log for failures.
    public init(channels: [any Channel], loop: PollLoop, log: Log) {
        self.channels = channels.filter(\.expiresAlerts)
        self.loop = loop
        self.log = log
    }

    /// Sends an alert to each channel that is not busy with the previous one.
    ///
    /// - Parameters:
    ///   - alert: All active alerts together.
    ///   - completion: Called after each attempt with whether it was the last one.
    public func send(_ alert: Alert, completion: @escaping (Bool) -> Void) {
        guard !channels.isEmpty else { return completion(true) }
        for channel in channels where underway.insert(channel.name).inserted {
            let targets = channel.targets
            let attempt = channel.attempt(Parcel([alert], from: log.tool), to: targets)
            loop.start(attempt.program, input: attempt.input, deadline: attempt.deadline) {
                [weak self] report in
                guard let self else { return }
                underway.remove(channel.name)
                let outcome = Outcome(
                    targets: targets, statuses: attempt.statuses(report)(0), hasArrived: false)
                note(outcome, of: channel)
                completion(underway.isEmpty)
            }
        }
    }

    private func note(_ outcome: Outcome, of channel: any Channel) {
        if outcome.accepted.isEmpty {
            guard failing.insert(channel.name).inserted else { return }
            guard !isFinishing else {
                return log.report(
                    "active alerts are not repeated to \(channel.name): \(outcome.reason)")
            }
            log.report(
                "active alerts are not repeated to \(channel.name), retrying: \(outcome.reason); "
                    + "further failures are not logged")
        } else if failing.remove(channel.name) != nil {
            log.report("active alerts are repeated to \(channel.name) again")
        }
    }
}
