// Which of the last checks have failed.

/// Which of the last checks of a process instance have failed.
struct FailureRing: Hashable, Sendable {
    /// A bit for each check, the last one lowest.
    private var bits: UInt64 = 0

    /// Adds a check.
    mutating func add(isFailure: Bool) {
        bits = bits << 1 | (isFailure ? 1 : 0)
    }

    /// Forgets all checks.
    mutating func empty() {
        bits = 0
    }

    /// How many failures count for a threshold.
    func failures(for threshold: FailureThreshold) -> Int {
        let mask = threshold.checks >= 64 ? UInt64.max : (1 << UInt64(threshold.checks)) - 1
        return (bits & mask).nonzeroBitCount
    }

    /// Whether a threshold is reached, however many checks there were.
    func reaches(_ threshold: FailureThreshold) -> Bool {
        failures(for: threshold) >= threshold.failures
    }
}
