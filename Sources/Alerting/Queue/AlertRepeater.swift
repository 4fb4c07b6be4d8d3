// Repeats active alerts to services that would forget them.

public import EventLoop
internal import System

/// Repeats active alerts to the channels that track resolution, each by itself, so that one which
/// is down or slow delays no other.
///
/// What cannot be sent is dropped: the next round repeats it. It is logged once until it succeeds.
public final class AlertRepeater {
    private let channels: [any Channel]
    private let loop: PollLoop
    private let log: Log
    private var underway: Set<String> = []
    private var failing: Set<String> = []

    /// Makes a repeater.
    ///
    /// - Parameters:
    ///   - channels: The channels of a listener; those that do not track resolution are ignored.
    ///   - loop: The program's one wait.
    ///   - log: Where failures are logged.
    public init(channels: [any Channel], loop: PollLoop, log: Log) {
        self.channels = channels.filter(\.tracksResolution)
        self.loop = loop
        self.log = log
    }

    /// Sends an alert to each channel that is not still busy with the one before.
    ///
    /// - Parameters:
    ///   - alert: All active alerts together.
    ///   - completion: Called each time an attempt has ended, with whether it was the last one.
    public func send(_ alert: Alert, completion: @escaping (Bool) -> Void) {
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
            log.note(
                "active alerts are not repeated to \(channel.name), retrying: \(outcome.reason); "
                    + "further failures are not logged")
        } else if failing.remove(channel.name) != nil {
            log.note("active alerts are repeated to \(channel.name) again")
        }
    }
}
