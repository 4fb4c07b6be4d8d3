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
    /// How many incidents a request may contain, where a larger one was rejected.
    private var portionSizes: [String: Int] = [:]
    /// With a long log each, these are about half a megabyte.
    private static let largestPortion = 50
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

    /// Sends incidents to each channel that is not busy with the previous ones.
    ///
    /// - Parameters:
    ///   - incidents: All active incidents.
    ///   - completion: Called after each attempt with whether it was the last one.
    public func send(_ incidents: [Incident], completion: @escaping (Bool) -> Void) {
        guard !channels.isEmpty, !incidents.isEmpty else { return completion(true) }
        for channel in channels where underway.insert(channel.name).inserted {
            send(Round(remaining: incidents[...]), over: channel, completion)
        }
    }

    /// What is to be sent over one channel.
    private struct Round {
        var remaining: ArraySlice<Incident>
        /// How much of the next portion is sent.
        var brevity = Brevity.full
        /// The first portion that failed.
        var failure: Outcome?
    }

    /// Sends the next portion.
    private func send(
        _ round: Round, over channel: any Channel, _ completion: @escaping (Bool) -> Void
    ) {
        let portion = Array(
            round.remaining.prefix(portionSizes[channel.name] ?? Self.largestPortion))
        let alert = Alert(
            subject: nil, body: portion.map(\.summary).joined(separator: "\n"), time: .now,
            incidents: portion)
        let targets = channel.targets
        let attempt = channel.attempt(
            Parcel([round.brevity.applied(to: alert)], from: log.tool), to: targets)
        loop.start(attempt.program, input: attempt.input, deadline: attempt.deadline) {
            [weak self] report in
            guard let self else { return }
            let outcome = Outcome(
                targets: targets, statuses: attempt.statuses(report)(0), hasArrived: false)
            var round = round
            let isTooLarge = outcome.accepted.isEmpty && !outcome.tooLarge.isEmpty
            if isTooLarge && portion.count > 1 {
                portionSizes[channel.name] = portion.count / 2
            } else if isTooLarge, let shorter = round.brevity.shorter {
                round.brevity = shorter
            } else {
                if outcome.accepted.isEmpty { round.failure = round.failure ?? outcome }
                round.remaining = round.remaining.dropFirst(portion.count)
                round.brevity = .full
            }
            // A server that is down rejects the others as well.
            guard !round.remaining.isEmpty, outcome.later.isEmpty, !isFinishing else {
                underway.remove(channel.name)
                note(round.failure ?? outcome, of: channel)
                return completion(underway.isEmpty)
            }
            completion(false)
            send(round, over: channel, completion)
        }
    }

    private func note(_ outcome: Outcome, of channel: any Channel) {
        if outcome.accepted.isEmpty {
            guard failing.insert(channel.name).inserted else { return }
            guard !isFinishing else {
                return log.report(
                    .warning,
                    "active alerts are not repeated to \(channel.name): \(outcome.reason)")
            }
            log.report(
                .warning,
                "active alerts are not repeated to \(channel.name), retrying: \(outcome.reason); "
                    + "further failures are not logged")
        } else if failing.remove(channel.name) != nil {
            log.report(.info, "active alerts are repeated to \(channel.name) again")
        }
    }
}
