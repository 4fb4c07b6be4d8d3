internal import Alerting

/// An incident to be reported later, stored in the spool if there is one.
final class StoredIncident {
    private(set) var incident: Incident
    private let spool: Spool?
    private var key: Spool.Key?

    /// Stores an incident.
    init(_ incident: Incident, in spool: Spool?) {
        self.incident = incident
        self.spool = spool
        key = spool?.keep(.incident(incident))
    }

    /// Refers to an incident that is already stored.
    init(_ incident: Incident, _ spool: Spool?, _ key: Spool.Key) {
        self.incident = incident
        self.spool = spool
        self.key = key
    }

    /// Updates the stored incident.
    func update(_ incident: Incident) {
        self.incident = incident
        if let key { spool?.replace(key, by: .incident(incident)) }
    }

    /// Removes the stored incident, because an alert includes it now.
    func forget() {
        if let key { spool?.remove(key) }
        key = nil
    }
}
