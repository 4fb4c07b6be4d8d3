// An incident that is kept to be told later.

internal import Alerting

/// An incident that is kept to be told later, in the spool if there is one.
final class KeptIncident {
    private(set) var incident: Incident
    private let spool: Spool?
    private var key: Spool.Key?

    /// Keeps an incident.
    init(_ incident: Incident, in spool: Spool?) {
        self.incident = incident
        self.spool = spool
        key = spool?.keep(.incident(incident))
    }

    /// Takes over one that is kept already.
    init(_ incident: Incident, _ spool: Spool?, _ key: Spool.Key) {
        self.incident = incident
        self.spool = spool
        self.key = key
    }

    /// Says what more is known.
    func update(_ incident: Incident) {
        self.incident = incident
        if let key { spool?.replace(key, by: .incident(incident)) }
    }

    /// Forgets it, since it is part of an alert by now.
    func forget() {
        if let key { spool?.remove(key) }
        key = nil
    }
}
