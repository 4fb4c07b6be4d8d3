internal import System

/// Measures processes by the configured measure.
///
/// The resident set is always read; other measures only if required.
struct MemoryReader {
    let memory: ProcessMemory
    let measure: MemoryMeasure
    /// Whether to include the descendants of a process.
    let isCumulative: Bool
    /// All processes by their parents; empty without descendants.
    private let children: [Int: [Int]]

    /// Creates a reader for the processes that exist now.
    init(_ measure: MemoryMeasure, isCumulative: Bool, memory: ProcessMemory = ProcessMemory()) {
        self.memory = memory
        self.measure = measure
        self.isCumulative = isCumulative
        children = isCumulative ? memory.children() : [:]
    }

    /// The memory of a process by the configured measure, or its resident set.
    struct Reading: Equatable {
        /// The size in bytes.
        let size: Int
        let measure: MemoryMeasure
        /// Why the resident set was used.
        var fault: SystemError?
    }

    /// A process's resident set in bytes; nil if the process no longer exists.
    func resident(_ pid: Int) -> Int? {
        sum(pid) { memory.resident($0) }
    }

    /// Measures a process.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - resident: Its resident set in bytes.
    ///   - least: The size up to which the resident set is sufficient, if the measure never exceeds
    ///     it.
    /// - Returns: Its memory, and the measure.
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

    /// The process and, if configured, its descendants.
    func tree(_ pid: Int) -> [Int] {
        isCumulative ? memory.tree(of: pid, in: children) : [pid]
    }

    private func sum(_ pid: Int, _ size: (Int) -> Int?) -> Int? {
        guard var sum = size(pid) else { return nil }
        for child in tree(pid).dropFirst() { sum = sum.addingSaturated(size(child) ?? 0) }
        return sum
    }

    private func parts(_ pid: Int) throws(SystemError) -> Int {
        var sum = 0
        for process in tree(pid) {
            // A descendant that no longer exists has no memory.
            if process != pid, memory.resident(process) ?? 0 == 0 { continue }
            let rollup = try memory.rollup(process)
            sum = sum.addingSaturated(
                measure == .unique ? rollup.unique : rollup.proportional)
        }
        return sum
    }
}
