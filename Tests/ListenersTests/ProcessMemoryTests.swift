import Foundation
import TestSupport
import Testing

@testable import Listeners

/// On directories laid out like `/proc`, and on the real one.
struct ProcessMemoryTests {
    private let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    private let directory: TemporaryDirectory
    private let memory: ProcessMemory

    init() throws {
        directory = try TemporaryDirectory()
        memory = ProcessMemory(directory: directory.path)
    }

    /// The resident sets of processes together with those of all their descendants.
    private func withDescendants(_ pids: [Int], _ memory: ProcessMemory? = nil) -> [Int: Int] {
        let reader = MemoryReader(.resident, isCumulative: true, memory: memory ?? self.memory)
        return Dictionary(pids.compactMap { pid in reader.resident(pid).map { (pid, $0) } }) { $1 }
    }

    private func add(_ pid: Int, parent: Int, pages: Int, name: String = "sleep") throws {
        try addStat(
            pid,
            "\(pid) (\(name)) S \(parent) 1 1 0 -1 4194304 97 0 0 0 0 0 0 0 20 0 1 0 99 2318336 "
                + "\(pages) 18446744073709551615 1 1 0 0\n")
        try directory.write("\(pid)/statm", "566 \(pages) 213 5 0 115 0\n")
    }

    private func addStat(_ pid: Int, _ text: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory.path("\(pid)"), withIntermediateDirectories: true)
        try directory.write("\(pid)/stat", text)
    }

    // MARK: A directory

    @Test func `The resident set is counted in pages`() throws {
        try add(7, parent: 1, pages: 3)
        #expect(memory.resident(7) == 3 * page)
    }

    @Test(arguments: ["", "566", "566 x 3", "\n"])
    func `A statm that cannot be read is no size`(_ text: String) throws {
        try addStat(7, "")
        try directory.write("7/statm", text)
        #expect(memory.resident(7) == nil)
    }

    @Test func `A process that has ended has no size`() {
        #expect(memory.resident(7) == nil)
        #expect(memory.resident(0) == nil)
        #expect(memory.resident(-1) == nil)
        #expect(withDescendants([7, 0]).isEmpty)
    }

    @Test func `All descendants are included, other processes are not`() throws {
        try add(1, parent: 0, pages: 1000)
        try add(7, parent: 1, pages: 1)
        try add(8, parent: 7, pages: 2)
        try add(9, parent: 8, pages: 4)
        try add(10, parent: 7, pages: 8)
        try add(11, parent: 1, pages: 16)
        #expect(
            withDescendants([7, 8, 11, 12])
                == [7: 15 * page, 8: 6 * page, 11: 16 * page])
        #expect(withDescendants([1]) == [1: 1031 * page])
        #expect(withDescendants([]).isEmpty)
        #expect(withDescendants([7, 7]) == [7: 15 * page])
    }

    @Test(arguments: [
        "a b", "a) S 1 (b", ")))", "(", "", "x) Z 99 9", "网站", "new\nline", "\u{1B}[31m",
        "accent\u{301}", "\u{301}", ")\u{301}", "prefix\u{600}", "\u{200D}", "\r",
    ])
    func `A process can have any name`(_ name: String) throws {
        try add(7, parent: 1, pages: 1)
        try add(8, parent: 7, pages: 2, name: name)
        #expect(withDescendants([7]) == [7: 3 * page])
    }

    @Test func `A name that is not UTF-8 is accepted`() throws {
        try add(7, parent: 1, pages: 1)
        let head = Array("8 (".utf8) + [0xFF, 0xC3, 0x28]
        let tail = ") S 7 1 1 0 -1 4194304 97 0 0 0 0 0 0 0 20 0 1 0 99 2318336 2 1 1 1 0 0\n"
        try add(8, parent: 1, pages: 2)
        try Data(head + Array(tail.utf8)).write(to: URL(fileURLWithPath: directory.path("8/stat")))
        #expect(withDescendants([7]) == [7: 3 * page])
    }

    @Test func `A cycle of parents ends, and each process counts once`() throws {
        try add(7, parent: 9, pages: 1)
        try add(8, parent: 7, pages: 2)
        try add(9, parent: 8, pages: 4)
        try add(10, parent: 10, pages: 8)
        #expect(withDescendants([7, 10]) == [7: 7 * page, 10: 8 * page])
    }

    @Test(arguments: ["", "8", "8 (x", "8 (x) S", "8 (x) S y 1"])
    func `An invalid stat is ignored`(_ text: String) throws {
        try add(7, parent: 1, pages: 1)
        try addStat(8, text)
        #expect(withDescendants([7, 8]) == [7: page])
    }

    @Test func `An entry that is not a process is ignored`() throws {
        try add(7, parent: 1, pages: 1)
        try directory.write("uptime", "1 2\n")
        try directory.write("12345", "a file")
        try FileManager.default.createDirectory(
            atPath: directory.path("self"), withIntermediateDirectories: true)
        #expect(withDescendants([7, 12_345]) == [7: page])
    }

    @Test func `A missing directory has no processes`() {
        let nowhere = ProcessMemory(directory: "/nonexistent")
        #expect(nowhere.resident(1) == nil)
        #expect(withDescendants([1], nowhere).isEmpty)
    }

    @Test func `A chain of a thousand is summed`() throws {
        for pid in 2...1_001 { try add(pid, parent: pid - 1, pages: 1) }
        #expect(withDescendants([2]) == [2: 1_000 * page])
    }

    @Test(arguments: [
        (") S 7 1", 7), ("\u{600}) S 7 1", 7), (")  S  7 ", 7), (") S -7 1", nil),
        (") S +7 1", nil),
        (") S 99999999999999999999 1", nil), (") S 9223372036854775807 1", .max), (")", nil),
        (") S ٧ 1", nil),
    ])
    func `A parent is a number of digits, wherever the name ends`(_ end: String, _ parent: Int?) {
        #expect(ProcessMemory.parent(inStat: Array("8 (x\(end)".utf8)) == parent)
    }

    @Test(arguments: [
        ("9223372036854775807", Int.max), ("99999999999999999999", nil), ("-1", nil), ("0", 0),
    ])
    func `A size out of range is the largest number, or none`(
        _ pages: String, _ size: Int?
    ) throws {
        try addStat(7, "7 (x) S 1 1\n")
        try addStat(8, "8 (x) S 7 1\n")
        for pid in [7, 8] { try directory.write("\(pid)/statm", "566 \(pages) 213 5 0 115 0\n") }
        #expect(memory.resident(7) == size)
        #expect(withDescendants([7])[7] == size)
    }

    // MARK: /proc

    @Test func `The kernel's values are read for a real process and its children`() throws {
        let tree = try ChildProcess(["/bin/sh", "-c", "sleep 86400 & sleep 86400 & wait"])
        try eventually("two children") { ProcessTree.descendants(of: tree.pid).count == 2 }
        let memory = ProcessMemory()
        let pids = [Int(tree.pid)] + ProcessTree.descendants(of: tree.pid).map(Int.init)
        try eventually("sums that hold still") {
            let sizes = try pids.map { try size(inStatusOf: $0) }
            let all = withDescendants(pids, memory)
            return sizes == pids.map { memory.resident($0) }
                && all == [
                    pids[0]: sizes.reduce(0, +), pids[1]: sizes[1], pids[2]: sizes[2],
                ]
        }
        tree.kill()
        #expect(memory.resident(pids[0]) == nil)
        #expect(withDescendants([pids[0]], memory).isEmpty)
    }

    private func size(inStatusOf pid: Int) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let match = try #require(status.firstMatch(of: /VmRSS:\s*(\d+) kB/))
        return try #require(Int(match.1)) * 1_024
    }

    @Test func `A zombie has no memory`() throws {
        // The shell becomes a sleep that never waits for its child.
        let parent = try ChildProcess(["/bin/sh", "-c", "sleep 0 & exec sleep 86400"])
        var zombie: Int32 = 0
        try eventually("a zombie") {
            zombie = ProcessTree.descendants(of: parent.pid).first ?? 0
            return zombie != 0 && !ProcessTree.isAlive(zombie)
        }
        #expect(ProcessMemory().resident(Int(zombie)) == 0)
        #expect(withDescendants([Int(zombie)], ProcessMemory()) == [Int(zombie): 0])
    }
}
