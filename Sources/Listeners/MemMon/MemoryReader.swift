// Measures processes as the command line asks for it.

internal import System

/// Measures processes as the command line asks for it.
///
/// A resident set is to be had for nothing; the other measures are read only where they matter.
struct MemoryReader {
    let memory: ProcessMemory
    let measure: MemoryMeasure
    /// Whether descendants count with their process.
    let isCumulative: Bool
    /// All processes by their parents, as far as that matters.
    private let children: [Int: [Int]]

    /// Prepares to measure, with the processes that exist now.
    init(_ measure: MemoryMeasure, isCumulative: Bool, memory: ProcessMemory = ProcessMemory()) {
        self.memory = memory
        self.measure = measure
        self.isCumulative = isCumulative
        children = isCumulative ? memory.children() : [:]
    }

    /// What a process holds by the measure asked for, or by its resident set.
    struct Reading: Equatable {
        /// In bytes.
        let size: Int
        let measure: MemoryMeasure
        /// Why it is the resident set all the same.
        var fault: SystemError?
    }

    /// A process's resident set, in bytes; nothing if it is gone.
    func resident(_ pid: Int) -> Int? {
        sum(pid) { memory.resident($0) }
    }

    /// Measures a process.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - resident: Its resident set, in bytes.
    ///   - least: What matters: up to this size the resident set is enough if the measure is a part
    ///     of it.
    /// - Returns: What it holds, and how that was measured.
    func reading(_ pid: Int, resident: Int, above least: Int) -> Reading {
        if measure == .residentAndSwap {
            let swap = sum(pid) { memory.swapped($0) } ?? 0
            return Reading(size: resident.addingSaturated(swap), measure: measure)
        }
        guard measure.isPartOfResident, resident > least else {
            return Reading(size: resident, measure: .resident)
        }
        do throws(SystemError) {
            return Reading(size: try parts(pid), measure: measure)
        } catch {
            return Reading(size: resident, measure: .resident, fault: error)
        }
    }

    /// The processes that count for one: itself first.
    func tree(_ pid: Int) -> [Int] {
        isCumulative ? [pid] + memory.descendants(of: pid, in: children) : [pid]
    }

    private func sum(_ pid: Int, _ size: (Int) -> Int?) -> Int? {
        guard var sum = size(pid) else { return nil }
        for child in tree(pid).dropFirst() { sum = sum.addingSaturated(size(child) ?? 0) }
        return sum
    }

    private func parts(_ pid: Int) throws(SystemError) -> Int {
        var sum = 0
        for process in tree(pid) {
            // A descendant that has ended meanwhile holds nothing.
            if process != pid, memory.resident(process) ?? 0 == 0 { continue }
            let rollup = try memory.rollup(process)
            sum = sum.addingSaturated(
                measure == .unique ? rollup.unique : rollup.proportional)
        }
        return sum
    }
}
