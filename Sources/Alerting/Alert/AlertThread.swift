public import System

/// The alerts about a process or URL from the first one until the recovery.
public struct AlertThread: Hashable, Sendable {
    /// The first mail.
    public var start: ThreadStart

    /// The first incident, without diagnostics.
    public var first: Incident

    /// How many incidents were reported.
    public private(set) var count = 1

    /// How many of each kind.
    public private(set) var counts: [Incident.Kind: Int]

    /// When the latest one occurred.
    public var latest: Timestamp

    /// Begins a thread.
    ///
    /// - Parameters:
    ///   - incident: The first incident.
    ///   - start: The first mail.
    ///   - count: The number of such incidents.
    public init(_ incident: Incident, start: ThreadStart, count: Int = 1) {
        var incident = incident
        incident.diagnostics = nil
        self.start = start
        first = incident
        latest = incident.time
        self.count = count
        counts = [incident.kind: count]
    }

    /// Adds incidents.
    ///
    /// - Parameters:
    ///   - number: How many.
    ///   - latest: The latest one.
    public mutating func add(_ number: Int, until latest: Incident) {
        count = count.addingSaturated(number)
        counts[latest.kind] = (counts[latest.kind] ?? 0).addingSaturated(number)
        self.latest = max(self.latest, latest.time)
    }
}

extension AlertThread {
    /// The thread as records; the first one marks its beginning.
    var records: [[String]] {
        let numbers = counts.sorted { $0.key.rawValue < $1.key.rawValue }
            .flatMap { [$0.key.rawValue, "\($0.value)"] }
        return [["thread", "\(count)"] + latest.fields, ["kinds"] + numbers, start.record]
            + first.records
    }

    /// Parses records that begin with a thread's.
    init?(records: some Collection<[String]>) {
        guard let head = records.first, head.count == 4, head[0] == "thread",
            let count = Int(head[1]), count > 0, let latest = Timestamp(fields: head[2...]),
            let start = ThreadStart(records: records),
            let first = Incident.all(in: Array(records)).first
        else { return nil }
        self.init(first, start: start, count: count)
        self.latest = latest
        // Earlier versions did not store it.
        guard let kinds = records.first(where: { $0.first == "kinds" })?.dropFirst() else { return }
        counts = [:]
        for index in kinds.indices.dropLast() {
            guard let kind = Incident.Kind(rawValue: kinds[index]) else { continue }
            counts[kind] = Int(kinds[index + 1])
        }
    }
}
