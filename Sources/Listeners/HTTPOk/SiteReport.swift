internal import Alerting

/// What there is to report about a failed site.
struct SiteReport {
    /// Who gets it.
    enum Urgency: Int, Comparable {
        /// Nobody.
        case none
        /// Channels that track resolution, which show whether a check fails.
        case state
        /// People, too, at the pace of `--reminder`: nothing is restarted.
        case reminder
        /// People, too: something was done, or superlance would alert.
        case action

        static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
    }

    /// Identifies the check.
    let identity: String
    /// The subject of the mail.
    let subject: String
    var incident: Incident
    var urgency: Urgency
    /// Other sites that failed before the restart of their process for this one.
    var joined: [SiteReport] = []
}
