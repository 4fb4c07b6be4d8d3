// What a file in the spool holds.

internal import EventLoop

/// What a file in the spool holds.
///
/// A file is a few lines of text, the first one naming the format and the last one saying that it
/// is whole, so that a person can read it and a torn one is known.
public enum SpoolContent: Hashable, Sendable {
    /// An alert and who is still to get it.
    case alert(SpooledAlert)

    /// An incident that a listener keeps to tell it later.
    case incident(Incident)

    /// An incident that was told to those who keep what is wrong, and is not over.
    case firing(Incident)

    /// What a listener has to know about its restarts, in records of its own.
    case restarts([[String]])

    private static let restarts = ["restarts"]
    private static let format = ["superlance-spool", "1"]
    private static let end = ["end"]
    private static let firing = ["firing"]

    /// The content as a file's bytes.
    var bytes: [UInt8] {
        let records: [[String]] =
            switch self {
            case .alert(let alert): alert.records
            case .incident(let incident): incident.records
            case .firing(let incident): [Self.firing] + incident.records
            case .restarts(let records): [Self.restarts] + records
            }
        return ([Self.format] + records + [Self.end]).flatMap(TextRecord.encode)
    }

    /// What the names of such files end with, so that those which are needed at the start are
    /// found without reading all; nothing for alerts.
    var suffix: String {
        switch self {
        case .alert: ""
        case .incident: ".incident"
        case .firing: ".firing"
        case .restarts: ".restarts"
        }
    }

    /// Reads a file's bytes.
    ///
    /// - Parameter bytes: The bytes.
    init?(_ bytes: [UInt8]) {
        let all = TextRecord.parse(bytes)
        guard all.first == Self.format, all.last == Self.end else { return nil }
        let records = Array(all.dropFirst().dropLast())
        if records.first == Self.restarts {
            self = .restarts(Array(records.dropFirst()))
        } else if let incident = Incident(records: records) {
            self = .incident(incident)
        } else if records.first == Self.firing,
            let incident = Incident(records: records.dropFirst())
        {
            self = .firing(incident)
        } else if let alert = SpooledAlert(records: records) {
            self = .alert(alert)
        } else {
            return nil
        }
    }
}
