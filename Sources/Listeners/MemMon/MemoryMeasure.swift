// What of a process's memory counts.

internal import EventLoop

/// What of a process's memory counts (proc(5), `/proc/PID/smaps` and `/proc/PID/status`).
enum MemoryMeasure: String, CaseIterable, Sendable {
    /// The resident set, with all that it shares with others.
    case resident = "rss"
    /// The resident set, of what is shared only its share.
    case proportional = "pss"
    /// What nobody else has.
    case unique = "uss"
    /// The resident set and what is in swap.
    case residentAndSwap = "rss+swap"

    /// What logs and mails call it.
    var label: String { self == .residentAndSwap ? "RSS+swap" : rawValue.uppercased() }

    /// Whether it is never more than the resident set, so that a process whose resident set keeps
    /// a limit need not be measured.
    var isPartOfResident: Bool { self == .proportional || self == .unique }

    /// Reads a measure.
    ///
    /// - Parameter value: The value of `--measure`.
    /// - Throws: `UsageError` for anything else.
    init(_ value: OptionValue) throws(UsageError) {
        guard let measure = MemoryMeasure(rawValue: value.text.lowercased()) else {
            throw value.error(wanting: "rss, pss, uss or rss+swap")
        }
        self = measure
    }
}
