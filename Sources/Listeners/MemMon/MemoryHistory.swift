// How much memory processes held at the last ticks.

internal import Alerting
internal import System

/// How much memory processes held at the last ticks.
struct MemoryHistory {
    /// What a process held at one moment.
    struct Sample: Equatable {
        let time: Timestamp
        /// In bytes.
        let size: Int
    }

    private var samples: [Int: [Sample]] = [:]

    /// How many samples of a process are kept.
    private static let length = 24

    /// The record by which a worker tells a size.
    static let record = "size"

    /// Notes what a check found; processes that it did not find are forgotten.
    ///
    /// - Parameters:
    ///   - records: The check's answer.
    ///   - time: When it was.
    mutating func note(_ records: [[String]], at time: Timestamp) {
        var next: [Int: [Sample]] = [:]
        for record in records where record.count == 3 && record[0] == Self.record {
            guard let pid = Int(record[1]), let size = Int(record[2]) else { continue }
            let earlier = samples[pid, default: []].suffix(Self.length - 1)
            next[pid] = earlier + [Sample(time: time, size: size)]
        }
        samples = next
    }

    /// The samples of a process, the oldest first.
    func samples(of pid: Int) -> [Sample] {
        samples[pid, default: []]
    }
}
