internal import EventLoop

/// The content of a file in the spool.
///
/// A file is a few lines of readable text; the first line names the format and the last one marks
/// the end, so that a truncated file is recognised.
public enum SpoolContent: Hashable, Sendable {
    /// An alert and its remaining recipients.
    case alert(SpooledAlert)

    /// An alert whose details were not complete when it was stored.
    case held(SpooledAlert)

    /// An incident to be reported later.
    case incident(Incident)

    /// An incident that channels which track resolution consider active.
    case active(Incident)

    /// Incidents that are counted, to be reported together later.
    case counted(RepeatedIncident)

    /// A thread of alerts that ends with a recovery.
    case thread(AlertThread)

    /// A thread of alerts that a process is FATAL, which ends when it runs for a while.
    case series(AlertThread)

    /// A listener's records about its restarts.
    case restarts([[String]])

    private static let held = ["held"]
    private static let series = ["series"]
    private static let restarts = ["restarts"]
    private static let format = ["superlance-spool", "1"]
    private static let end = ["end"]
    private static let activeKey = ["firing"]

    /// The encoded content.
    var bytes: [UInt8] {
        let records: [[String]] =
            switch self {
            case .alert(let alert): alert.records
            // Earlier versions ignore the mark, and send the alert as it is.
            case .held(let alert): alert.records + [Self.held]
            case .incident(let incident): incident.records
            case .active(let incident): [Self.activeKey] + incident.records
            case .counted(let repeated): repeated.records
            case .thread(let thread): thread.records
            case .series(let thread): [Self.series] + thread.records
            case .restarts(let records): [Self.restarts] + records
            }
        return ([Self.format] + records + [Self.end]).flatMap(TextRecord.encode)
    }

    /// The ending of the names of such files, so that content required at the start is found
    /// without reading all files; empty for alerts.
    var suffix: String {
        switch self {
        case .alert: ""
        case .held: Spool.Key.held
        case .incident: ".incident"
        case .active: ".firing"
        case .counted: ".counted"
        case .thread: ".thread"
        case .series: ".series"
        case .restarts: ".restarts"
        }
    }

    /// Parses a file's bytes.
    ///
    /// - Parameter bytes: The bytes.
    init?(_ bytes: [UInt8]) {
        let all = TextRecord.parse(bytes)
        guard all.first == Self.format, all.last == Self.end else { return nil }
        let records = Array(all.dropFirst().dropLast())
        if records.first == Self.restarts {
            self = .restarts(Array(records.dropFirst()))
        } else if records.last == Self.held,
            let alert = SpooledAlert(records: records.dropLast())
        {
            self = .held(alert)
        } else if let repeated = RepeatedIncident(records: records) {
            self = .counted(repeated)
        } else if let thread = AlertThread(records: records) {
            self = .thread(thread)
        } else if records.first == Self.series,
            let thread = AlertThread(records: records.dropFirst())
        {
            self = .series(thread)
        } else if let incident = Incident(records: records) {
            self = .incident(incident)
        } else if records.first == Self.activeKey,
            let incident = Incident(records: records.dropFirst())
        {
            self = .active(incident)
        } else if let alert = SpooledAlert(records: records) {
            self = .alert(alert)
        } else {
            return nil
        }
    }
}
