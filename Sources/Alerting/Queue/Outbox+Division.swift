// Divides an alert about several processes, of which one may be the cause of its failure.

internal import EventLoop

extension Outbox {
    /// An alert of an attempt, or a part of one, and its results by target.
    typealias Piece = (entry: QueuedAlert, statuses: [String: DeliveryStatus])

    /// The alerts of an attempt with their results; one whose incidents have different results, or
    /// fail together, is divided into an alert for each incident.
    func pieces(
        _ entries: [QueuedAlert], of attempt: Attempt, _ report: ChildReport,
        on queue: DeliveryQueue
    ) -> [Piece] {
        let statuses = attempt.statuses(report)
        let incidents = attempt.incidents(report)
        return entries.enumerated().flatMap { place, entry in
            parts(entry, incidents(place), among: entries.count, on: queue)
                ?? [(entry, statuses(place))]
        }
    }

    private func parts(
        _ entry: QueuedAlert, _ results: IncidentStatuses?, among count: Int,
        on queue: DeliveryQueue
    ) -> [Piece]? {
        guard let results, results.requireDivision(after: entry.failuresAlone) else { return nil }
        // If all fail, a digest is divided first; and if many alerts fail, none is the cause.
        let isMixed = results.statuses.contains { $0 != results.statuses.first }
        guard isMixed || (count == 1 && !queue.rejectsAll) else { return nil }
        let alert = entry.alert
        // A shortened alert may have fewer.
        guard alert.incidents.count == results.statuses.count else { return nil }
        let identity = queue.channel.identity
        let pieces = results.statuses.enumerated().map { place, status in
            let part = entry.pending.part(
                alert.part(place), of: identity, to: status == .accepted ? [] : queue.targets)
            return (
                QueuedAlert(part, of: entry, place),
                Dictionary(queue.targets.map { ($0, status) }) { $1 }
            )
        }
        // Only now, so that it is in the spool all the time.
        entry.pending.finish(queue.targets, of: identity)
        return pieces
    }
}

extension Alert {
    /// One of several incidents as an alert of its own.
    fileprivate func part(_ place: Int) -> Alert {
        let incident = incidents[place]
        let number = identity.number &+ UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15
        return Alert(
            subject: subject.map { _ in Headline(of: incident).textWithoutPlace },
            body: incident.text, time: time, date: date, incidents: [incident],
            identity: Identity(seconds: identity.seconds, number: number),
            predecessor: nil)
    }
}
