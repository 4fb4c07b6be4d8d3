import ListenerProtocol
import Testing
import Text

@testable import Listeners

struct MemoryLimitsTests {
    private let limits = MemoryLimits(
        programs: ["web": 1, "site:web": 2, "站": 3], groups: ["site": 4], any: 5)

    @Test(arguments: [
        ("site", "web", [1, 2, 4, 5]), ("other", "web", [1, 5]), ("site", "job", [4, 5]),
        ("web", "job", [5]), ("站", "站", [3, 5]), ("site:web", "x", [5]), ("", "", [5]),
    ])
    func `A process has the limits of its name, its full name, its group and all`(
        _ group: String, _ name: String, _ expected: [Int]
    ) {
        #expect(limits.limits(for: ProcessName(group: group, name: name)) == expected)
    }

    @Test func `Names are compared byte by byte`() {
        let limits = MemoryLimits(programs: ["caf\u{E9}": 1], groups: ["caf\u{E9}": 2])
        #expect(limits.limits(for: ProcessName(group: "g", name: "cafe\u{301}")).isEmpty)
        #expect(limits.limits(for: ProcessName(group: "cafe\u{301}", name: "x")).isEmpty)
        #expect(limits.limits(for: ProcessName(group: "g", name: "caf\u{E9}")) == [1])
    }

    @Test func `Without limits no process has one`() {
        #expect(MemoryLimits().limits(for: ProcessName(group: "a", name: "b")).isEmpty)
        #expect(MemoryLimits().summary == "")
    }

    @Test func `A limit of zero is a limit`() {
        #expect(MemoryLimits(any: 0).limits(for: ProcessName(group: "a", name: "b")) == [0])
    }

    @Test func `The summary has sizes in bytes, in the order of the names`() {
        #expect(
            MemoryLimits(
                programs: ["web": 1024, "a:b": 2, "B": 3], groups: ["z": 9, "y": 8], any: 7
            )
            .summary == """
                Checking programs B=3, a:b=2, web=1024
                Checking groups y=8, z=9
                Checking any=7
                """)
        #expect(MemoryLimits(groups: ["y": 8]).summary == "Checking groups y=8")
        #expect(MemoryLimits(any: 0).summary == "Checking any=0")
    }
}
