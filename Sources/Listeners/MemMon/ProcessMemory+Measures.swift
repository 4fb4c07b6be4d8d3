// Swap and unshared memory of a process.

internal import Glibc
internal import System

extension ProcessMemory {
    /// The memory of a process in swap, in bytes; nil if the process no longer exists.
    func swapped(_ pid: Int) -> Int? {
        guard let status = try? bytes("\(pid)/status") else { return nil }
        for line in status.split(separator: UInt8(ascii: "\n")) {
            if let (name, size) = Self.sizeLine(line), name == "VmSwap" { return size }
        }
        // Kernel threads have none.
        return 0
    }

    /// The sums of a process's mappings.
    ///
    /// The kernel visits all pages, which takes some 11 ms for each GB.
    ///
    /// - Parameter pid: The process.
    /// - Returns: The sums.
    /// - Throws: `SystemError` without permission, on an old kernel, or when the process no longer
    ///   exists.
    func rollup(_ pid: Int) throws(SystemError) -> MemoryRollup {
        let bytes = try bytes("\(pid)/smaps_rollup")
        guard let rollup = MemoryRollup(bytes) else {
            throw SystemError("cannot understand \(pid)/smaps_rollup", code: ENODATA)
        }
        return rollup
    }

    /// The name and the size, in bytes, in a line such as `Pss:      123 kB`.
    static func sizeLine(_ line: ArraySlice<UInt8>) -> (name: String, size: Int)? {
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard words.count == 3, words[0].last == UInt8(ascii: ":"),
            words[2].elementsEqual("kB".utf8),
            let size = Int(String(decoding: words[1], as: UTF8.self))
        else { return nil }
        return (
            String(decoding: words[0].dropLast(), as: UTF8.self),
            size.multipliedSaturated(by: 1_024)
        )
    }
}
