internal import EventLoop
public import System

/// Incidents of one kind with the same process or URL that are reported together.
///
/// Only the latest one is kept with its details, so that the size does not depend on the count.
public struct RepeatedIncident: Hashable, Sendable {
    /// When one of them occurred.
    public struct Occurrence: Hashable, Sendable {
        /// The time.
        public let time: Timestamp
        /// The process identifier.
        public let pid: Int?
    }

    /// The latest incident.
    public var latest: Incident

    /// How many there were.
    public private(set) var count = 1

    /// When the first one occurred.
    public private(set) var first: Timestamp

    /// The latest ones, in order.
    public private(set) var occurrences: [Occurrence]

    /// The first mail about the same process or URL, if there is one.
    public var start: ThreadStart?

    /// Whether they are reported at the end of the cooldown of their process or URL, if it has one,
    /// rather than in the summary of the listener.
    public var waitsForCooldown = true

    /// The maximum number of ``occurrences``.
    public static let mostOccurrences = 50

    /// Begins with one incident.
    ///
    /// - Parameter incident: The incident.
    public init(_ incident: Incident) {
        latest = incident
        first = incident.time
        occurrences = [Occurrence(time: incident.time, pid: incident.pid)]
    }

    /// Adds an incident.
    ///
    /// - Parameter incident: The incident.
    public mutating func add(_ incident: Incident) {
        add(RepeatedIncident(incident))
    }

    /// Adds all incidents of another count of the same.
    ///
    /// - Parameter other: The other count.
    public mutating func add(_ other: RepeatedIncident) {
        count = count.addingSaturated(other.count)
        first = min(first, other.first)
        start = start ?? other.start
        if other.latest.time >= latest.time { latest = other.latest }
        occurrences = Array(
            (occurrences + other.occurrences).sorted { $0.time < $1.time }
                .suffix(Self.mostOccurrences))
    }

    /// The count and the time in which it happened, such as `3 times from 13:00:01 to 13:04:10`; for
    /// a failing check, the count of its alerts.
    public var span: String {
        guard count > 1 else { return "once at \(Self.clock(first, beside: first))" }
        let end = latest.time
        // While a process is left alone, a failing check has an alert for each reminder only.
        let verb = latest.kind == .unhealthy ? "alerted " : ""
        return "\(verb)\(count) times from \(Self.clock(first, beside: end)) "
            + "to \(Self.clock(end, beside: first))"
    }

    /// The incidents without the state of the process, which may have changed since.
    public var withoutState: RepeatedIncident {
        var incidents = self
        incidents.latest.diagnostics?.state = nil
        return incidents
    }

    /// The time between the first and the latest one, in seconds.
    public var seconds: Int { max(0, latest.time.seconds.subtractingSaturated(first.seconds)) }

    /// The time of day, with the date unless the other time has the same.
    private static func clock(_ time: Timestamp, beside other: Timestamp) -> String {
        let isSameDay = time.formatted("%F") == other.formatted("%F")
        return time.formatted(isSameDay ? "%H:%M:%S" : "%F %H:%M:%S")
    }
}

extension RepeatedIncident {
    /// Marks what is reported in the summary of the listener.
    private static let summaryMark = ["in-summary"]

    /// The count as records; the first one marks its beginning.
    var records: [[String]] {
        let counts = ["repeated", "\(count)"] + first.fields
        let times = occurrences.map { occurrence in
            ["occurrence"] + occurrence.time.fields + [occurrence.pid.map(String.init) ?? ""]
        }
        // Earlier versions ignore the mark, and write none.
        let mark = waitsForCooldown ? [] : [Self.summaryMark]
        return [counts] + mark + times + (start.map { [$0.record] } ?? []) + latest.records
    }

    /// Parses records that begin with a count's.
    init?(records: some Collection<[String]>) {
        guard let counts = records.first, counts.count == 4, counts[0] == "repeated",
            let count = Int(counts[1]), count > 0, let first = Timestamp(fields: counts[2...]),
            let latest = Incident.all(in: Array(records)).first
        else { return nil }
        self.init(latest)
        self.count = count
        self.first = first
        start = ThreadStart(records: records)
        waitsForCooldown = !records.contains(Self.summaryMark)
        occurrences = records.compactMap { record in
            guard record.count == 4, record[0] == "occurrence",
                let time = Timestamp(fields: record[1...2])
            else { return nil }
            return Occurrence(time: time, pid: Int(record[3]))
        }
    }
}
