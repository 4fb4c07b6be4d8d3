internal import EventLoop

/// A measure of a process's memory (proc(5), `/proc/PID/smaps` and `/proc/PID/status`).
enum MemoryMeasure: String, CaseIterable, Sendable {
    /// The resident set, including shared memory.
    case resident = "rss"
    /// The proportional set: shared memory divided by the number of processes that share it.
    case proportional = "pss"
    /// The unique set: memory that no other process shares.
    case unique = "uss"
    /// The resident set and the memory in swap.
    case residentAndSwap = "rss+swap"

    /// The name in logs and mails.
    var label: String { self == .residentAndSwap ? "RSS+swap" : rawValue.uppercased() }

    /// Whether it never exceeds the resident set, so that it is not read for a process whose
    /// resident set is below the limit.
    var isPartOfResident: Bool { self == .proportional || self == .unique }

    /// Parses a measure.
    ///
    /// - Parameter value: The value of `--measure`.
    /// - Throws: `UsageError` for anything else.
    init(_ value: OptionValue) throws(UsageError) {
        guard let measure = MemoryMeasure(rawValue: value.text.lowercased()) else {
            throw value.error(requiring: "rss, pss, uss or rss+swap")
        }
        self = measure
    }
}
