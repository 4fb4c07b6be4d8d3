import Foundation
import TestSupport
import Testing

@testable import Listeners

/// What counts of a process's memory: on directories laid out like `/proc`, and on the real one.
struct MemoryReaderTests {
    private let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    private let directory: TemporaryDirectory
    private let memory: ProcessMemory

    init() throws {
        directory = try TemporaryDirectory()
        memory = ProcessMemory(directory: directory.path)
    }

    /// A process with a resident set of 10 pages.
    private func add(_ pid: Int, parent: Int = 1, rollup: String?, status: String? = nil) throws {
        try FileManager.default.createDirectory(
            atPath: directory.path("\(pid)"), withIntermediateDirectories: true)
        try directory.write("\(pid)/statm", "566 10 213 5 0 115 0\n")
        try directory.write("\(pid)/stat", "\(pid) (x) S \(parent) 1 1 0\n")
        if let rollup { try directory.write("\(pid)/smaps_rollup", rollup) }
        if let status { try directory.write("\(pid)/status", status) }
    }

    private func rollup(pss: Int, clean: Int, dirty: Int) -> String {
        """
        00400000-7ffd [rollup]
        Rss:                40 kB
        Pss:                \(pss) kB
        Pss_Anon:            1 kB
        Private_Clean:      \(clean) kB
        Private_Dirty:      \(dirty) kB
        Private_Hugetlb:   999 kB
        Swap:               77 kB

        """
    }

    private func reading(
        _ pid: Int, _ measure: MemoryMeasure, above least: Int = 0, isCumulative: Bool = false
    ) -> MemoryReader.Reading {
        let reader = MemoryReader(measure, isCumulative: isCumulative, memory: memory)
        return reader.reading(pid, resident: reader.resident(pid) ?? -1, above: least)
    }

    @Test func `Each measure has its own file, or none`() throws {
        try add(7, rollup: rollup(pss: 12, clean: 3, dirty: 4), status: "VmSwap:\t    5 kB\n")
        #expect(reading(7, .resident) == .init(size: 10 * page, measure: .resident))
        #expect(reading(7, .proportional) == .init(size: 12_288, measure: .proportional))
        #expect(reading(7, .unique) == .init(size: 7_168, measure: .unique))
        #expect(
            reading(7, .residentAndSwap)
                == .init(size: 10 * page + 5_120, measure: .residentAndSwap))
    }

    @Test func `A resident set that keeps the limit is not looked into`() throws {
        try add(7, rollup: nil)
        for measure in [MemoryMeasure.proportional, .unique] {
            let reading = reading(7, measure, above: 10 * page)
            #expect(reading == .init(size: 10 * page, measure: .resident))
        }
    }

    @Test(arguments: [nil, "", "Pss: x kB\n", "Pss: 1 kB\n", "Pss: 1 MB\nPrivate_Clean: 1 kB\n"])
    func `Without values of the kernel, the resident set is used`(_ rollup: String?) throws {
        try add(7, rollup: rollup)
        let reading = reading(7, .proportional, above: 1)
        #expect(reading.size == 10 * page)
        #expect(reading.measure == .resident)
        #expect(reading.fault != nil)
    }

    @Test func `Descendants are measured by the same measure`() throws {
        try add(7, rollup: rollup(pss: 1, clean: 1, dirty: 1), status: "VmSwap: 1 kB\n")
        try add(8, parent: 7, rollup: rollup(pss: 2, clean: 2, dirty: 2), status: "Name: x\n")
        try add(9, parent: 8, rollup: rollup(pss: 4, clean: 4, dirty: 4), status: "VmSwap: 4 kB\n")
        #expect(reading(7, .resident, isCumulative: true).size == 30 * page)
        #expect(reading(7, .proportional, isCumulative: true).size == 7 * 1_024)
        #expect(reading(7, .unique, isCumulative: true).size == 14 * 1_024)
        #expect(reading(7, .residentAndSwap, isCumulative: true).size == 30 * page + 5 * 1_024)
        #expect(reading(7, .proportional, isCumulative: false).size == 1_024)
    }

    @Test func `A child that may not be looked into makes all of it the resident set`() throws {
        try add(7, rollup: rollup(pss: 1, clean: 1, dirty: 1))
        try add(8, parent: 7, rollup: nil)
        let reading = reading(7, .unique, isCumulative: true)
        #expect(reading.size == 20 * page)
        #expect(reading.measure == .resident)
    }

    @Test func `The kernel's own parts are parts of the resident set`() throws {
        let child = try ChildProcess(["/bin/sleep", "86400"])
        let pid = Int(child.pid)
        let memory = ProcessMemory()
        try eventually("memory of its own") {
            let rollup = try memory.rollup(pid)
            let resident = try #require(memory.resident(pid))
            return rollup.unique > 0 && rollup.unique <= rollup.proportional
                && rollup.proportional <= resident && memory.swapped(pid) != nil
        }
    }
}
