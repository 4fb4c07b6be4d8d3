internal import System

/// The sums of a process's mappings (proc(5), `/proc/PID/smaps_rollup`), in bytes.
struct MemoryRollup: Equatable {
    /// The proportional set size.
    let proportional: Int
    /// The unique set size.
    let unique: Int

    /// Parses the file; nil if it is malformed.
    init?(_ bytes: [UInt8]) {
        var proportional: Int?
        var unique: Int?
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let (name, size) = ProcessMemory.sizeLine(line) else { continue }
            switch name {
            case "Pss": proportional = size
            case "Private_Clean", "Private_Dirty":
                unique = (unique ?? 0).addingSaturated(size)
            default: continue
            }
        }
        guard let proportional, let unique else { return nil }
        self.proportional = proportional
        self.unique = unique
    }
}
