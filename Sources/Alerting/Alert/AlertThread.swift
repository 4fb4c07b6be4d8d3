public import System

/// The alerts about a process or URL from the first one until the recovery.
public struct AlertThread: Hashable, Sendable {
    /// The first mail.
    public var start: ThreadStart

    /// The first incident, without diagnostics.
    public var first: Incident

    /// How many incidents were reported.
    public var count = 1

    /// When the latest one occurred.
    public var latest: Timestamp

    /// Begins a thread.
    ///
    /// - Parameters:
    ///   - incident: The first incident.
    ///   - start: The first mail.
    public init(_ incident: Incident, start: ThreadStart) {
        var incident = incident
        incident.diagnostics = nil
        self.start = start
        first = incident
        latest = incident.time
    }
}

extension AlertThread {
    /// The thread as records; the first one marks its beginning.
    var records: [[String]] {
        [["thread", "\(count)"] + latest.fields, start.record] + first.records
    }

    /// Parses records that begin with a thread's.
    init?(records: some Collection<[String]>) {
        guard let head = records.first, head.count == 4, head[0] == "thread",
            let count = Int(head[1]), count > 0, let latest = Timestamp(fields: head[2...]),
            let start = ThreadStart(records: records),
            let first = Incident.all(in: Array(records)).first
        else { return nil }
        self.init(first, start: start)
        self.count = count
        self.latest = latest
    }
}
