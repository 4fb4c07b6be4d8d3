internal import Alerting
internal import System

/// The memory of processes at the last ticks.
struct MemoryHistory {
    /// The memory of a process at one time.
    struct Sample: Equatable {
        let time: Timestamp
        /// The size in bytes.
        let size: Int
    }

    private var samples: [Int: [Sample]] = [:]

    /// How many samples of a process are kept.
    private static let length = 24

    /// Notes what a check found; processes that it did not find are forgotten.
    ///
    /// - Parameters:
    ///   - measured: What it measured.
    ///   - time: When it was.
    mutating func note(_ measured: [MemorySample], at time: Timestamp) {
        var next: [Int: [Sample]] = [:]
        for sample in measured {
            let earlier = samples[sample.pid, default: []].suffix(Self.length - 1)
            next[sample.pid] = earlier + [Sample(time: time, size: sample.size)]
        }
        samples = next
    }

    /// The samples of a process, the oldest first.
    func samples(of pid: Int) -> [Sample] {
        samples[pid, default: []]
    }
}
