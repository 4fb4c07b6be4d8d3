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
    /// The value of the configured measure, if it was read and differs from the resident set.
    private var measured: [Int: [Sample]] = [:]

    /// The maximum number of samples of a process.
    private static let length = 24

    /// Records the result of a check; processes that it does not contain are removed.
    ///
    /// - Parameters:
    ///   - found: The measurements.
    ///   - time: The time of the check.
    mutating func note(_ found: [MemorySample], at time: Timestamp) {
        samples = Self.adding(found, time, to: samples) { $0.size }
        measured = Self.adding(found, time, to: measured) { $0.measured }
    }

    private static func adding(
        _ found: [MemorySample], _ time: Timestamp, to samples: [Int: [Sample]],
        _ size: (MemorySample) -> Int?
    ) -> [Int: [Sample]] {
        var next: [Int: [Sample]] = [:]
        for sample in found {
            let earlier = samples[sample.pid, default: []]
            if let size = size(sample) {
                next[sample.pid] = earlier.suffix(length - 1) + [Sample(time: time, size: size)]
            } else if !earlier.isEmpty {
                next[sample.pid] = earlier
            }
        }
        return next
    }

    /// The samples of a process, oldest first.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - measure: The measure; some measures are read only if the resident set is large enough.
    /// - Returns: The samples.
    func samples(of pid: Int, by measure: MemoryMeasure = .resident) -> [Sample] {
        (measure == .resident ? samples : measured)[pid, default: []]
    }
}
