internal import ListenerProtocol
internal import System

/// An active alert that restarts do not help a process.
struct GivenUpAlert: Hashable {
    let process: ProcessName
    /// When the alert was last sent.
    let last: Instant
    /// The start of the process, in seconds since 1970; nil if unknown.
    let start: Int?
    /// The latest failure of each check.
    let failures: [String: String]

    private static let recordName = "gave-up"

    init(process: ProcessName, last: Instant, start: Int?, failures: [String: String]) {
        self.process = process
        self.last = last
        self.start = start
        self.failures = failures
    }

    /// Parses a record of the spool; nil for other records.
    init?(record: [String], at moment: Moment) {
        guard record.count >= 5, record[0] == Self.recordName, let time = Int(record[3]) else {
            return nil
        }
        process = ProcessName(group: record[1], name: record[2])
        // After the clock was set back, the time may be in the future.
        let age = moment.time.seconds.subtractingReportingOverflow(time)
        last = moment.instant - .seconds(age.overflow ? 0 : max(0, age.partialValue))
        start = Int(record[4])
        let pairs = stride(from: 5, to: record.count - 1, by: 2).map {
            (record[$0], record[$0 + 1])
        }
        failures = Dictionary(pairs) { $1 }
    }

    /// The alert as a record for the spool.
    func record(at moment: Moment) -> [String] {
        [
            Self.recordName, process.group, process.name, "\(moment.time(of: last).seconds)",
            start.map(String.init) ?? "",
        ] + failures.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    }
}
