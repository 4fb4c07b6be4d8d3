// The sums of a process's mappings.

internal import System

/// The sums of a process's mappings (proc(5), `/proc/PID/smaps_rollup`), in bytes.
struct MemoryRollup: Equatable {
    /// Its proportional share.
    let proportional: Int
    /// What nobody else has.
    let unique: Int

    /// Reads the file; nothing comes of anything else.
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
