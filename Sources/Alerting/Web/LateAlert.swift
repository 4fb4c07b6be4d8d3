internal import System

extension Alert {
    /// The delay from which on the time of a message is not that of its event.
    private static let lateness = Duration.seconds(30)

    /// The alert with the time of its incident among the facts, if it is delivered late.
    ///
    /// A chat shows when a message arrived. After an outage, that says nothing about the crash, and
    /// the state of then is not that of now. The lines of several incidents have times in any case.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The alert.
    func datedIfLate(at now: Timestamp) -> Alert {
        guard incidents.count == 1, now.since(date) >= Self.lateness else { return self }
        var incident = incidents[0]
        var found = incident.diagnostics ?? Diagnostics()
        found.occurredAt = found.occurredAt ?? incident.time
        incident.diagnostics = found
        return replacing([incident])
    }
}

extension Parcel {
    /// The parcel for messages that do not have the times of their events.
    var datedIfLate: Parcel { with(alerts.map { $0.datedIfLate(at: sent) }) }
}
