/// The failures among the last checks of a process instance.
struct FailureRing: Hashable, Sendable {
    /// One bit for each check; the last check is the lowest bit.
    private var bits: UInt64 = 0

    /// Adds a check.
    mutating func add(isFailure: Bool) {
        bits = bits << 1 | (isFailure ? 1 : 0)
    }

    /// Removes all checks.
    mutating func empty() {
        bits = 0
    }

    /// The number of failures that count for a threshold.
    func failures(for threshold: FailureThreshold) -> Int {
        let mask = threshold.checks >= 64 ? UInt64.max : (1 << UInt64(threshold.checks)) - 1
        return (bits & mask).nonzeroBitCount
    }

    /// Whether a threshold is reached.
    func reaches(_ threshold: FailureThreshold) -> Bool {
        failures(for: threshold) >= threshold.failures
    }
}
