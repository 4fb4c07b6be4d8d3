import ListenerProtocol
import Testing
import Text

@testable import Listeners

struct MemoryLimitsTests {
    private let limits = MemoryLimits(
        programs: ["web": .bytes(1), "site:web": .bytes(2), "站": .bytes(3)],
        groups: ["site": .bytes(4)], any: .bytes(5))

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
        let limits = MemoryLimits(
            programs: ["caf\u{E9}": .bytes(1)], groups: ["caf\u{E9}": .bytes(2)])
        #expect(limits.limits(for: ProcessName(group: "g", name: "cafe\u{301}")).isEmpty)
        #expect(limits.limits(for: ProcessName(group: "cafe\u{301}", name: "x")).isEmpty)
        #expect(limits.limits(for: ProcessName(group: "g", name: "caf\u{E9}")) == [1])
    }

    @Test func `Without limits no process has one`() {
        #expect(MemoryLimits().limits(for: ProcessName(group: "a", name: "b")).isEmpty)
        #expect(MemMonMessages.checking(MemoryLimits()) == "")
    }

    @Test func `A limit of zero is a limit`() {
        #expect(MemoryLimits(any: .bytes(0)).limits(for: ProcessName(group: "a", name: "b")) == [0])
    }

    @Test func `The summary has sizes in bytes, in the order of the names`() {
        #expect(
            MemMonMessages.checking(
                MemoryLimits(
                    programs: ["web": .bytes(1024), "a:b": .bytes(2), "B": .bytes(3)],
                    groups: ["z": .bytes(9), "y": .bytes(8)], any: .bytes(7))
            ) == """
                Checking programs B=3, a:b=2, web=1024
                Checking groups y=8, z=9
                Checking any=7
                """)
        #expect(
            MemMonMessages.checking(MemoryLimits(groups: ["y": .bytes(8)])) == "Checking groups y=8"
        )
        #expect(MemMonMessages.checking(MemoryLimits(any: .bytes(0))) == "Checking any=0")
    }

    // MARK: Patterns

    @Test(arguments: [
        ("shop", "web_1", [1, 2, 4]), ("shop", "web_22", [2, 4]), ("blog", "web_1", [2]),
        ("shop2", "job", [4]), ("x", "job", []),
    ])
    func `Patterns mean programs by either name, and groups`(
        _ group: String, _ name: String, _ expected: [Int]
    ) {
        let limits = MemoryLimits(
            programs: ["shop:web_?": .bytes(1), "web_*": .bytes(2), "[!w]eb": .bytes(3)],
            groups: ["sho*": .bytes(4)])
        let found = limits.limits(for: ProcessName(group: group, name: name))
        #expect(found.sorted() == expected)
    }

    @Test func `Of two limits with the same pattern or name, the last applies`() {
        var list: MemoryLimitList = ["web_*": .bytes(1)]
        list.set("web_*", .bytes(2), text: "")
        let limits = MemoryLimits(programs: list)
        #expect(limits.limits(for: ProcessName(group: "g", name: "web_1")) == [2])
    }

    @Test(arguments: [
        ("shop", "web", 5), ("shop", "web_1", 6), ("shop", "job", 7), ("shoes", "job", 8),
        ("x", "job", 9), ("x", "web", 5),
    ])
    func `The most specific limit is that of the name, then the pattern, the group and all`(
        _ group: String, _ name: String, _ expected: Int
    ) {
        let limits = MemoryLimits(
            programs: ["web": .bytes(5), "web*": .bytes(6)],
            groups: ["shop": .bytes(7), "sho*": .bytes(8)], any: .bytes(9), isMostSpecific: true)
        #expect(limits.limits(for: ProcessName(group: group, name: name)) == [expected])
    }

    @Test func `A percentage refers to the total memory`() {
        let limits = MemoryLimits(
            programs: ["web": .percent(80)], groups: ["g": .percent(1)], any: .percent(100),
            total: 1_999)
        #expect(limits.isRelative)
        #expect(limits.limits(for: ProcessName(group: "g", name: "web")) == [1_599, 19, 1_999])
        #expect(
            MemMonMessages.checking(limits)
                == "Checking programs web=1599\nChecking groups g=19\nChecking any=1999")
        #expect(!MemoryLimits(any: .bytes(1)).isRelative)
        #expect(MemorySize.percent(100).bytes(of: .max) == .max)
    }

    // MARK: Warnings

    @Test(arguments: [
        (["web=600"], [], 200, ["-p web=600 has no effect, because -a 200 is lower"]),
        (["web=600"], [], nil, []), (["web=200"], [], 200, []), (["web=100"], [], 200, []),
        (
            ["web_1=600", "web_*=200"], [], nil,
            ["-p web_1=600 has no effect, because -p web_*=200 is lower"]
        ),
        (
            ["shop:web=600", "web=200"], [], nil,
            ["-p shop:web=600 has no effect, because -p web=200 is lower"]
        ),
        (["web=600", "shop:web=200"], [], nil, []), (["web=600", "shop:*=200"], [], nil, []),
        (["web_*=600", "web_1=200"], [], nil, []),
        (
            ["shop:web=600"], ["shop=200"], nil,
            ["-p shop:web=600 has no effect, because -g shop=200 is lower"]
        ),
        (
            ["shop:*=600"], ["s*=200"], nil,
            ["-p shop:*=600 has no effect, because -g s*=200 is lower"]
        ),
        (["*:web=600"], ["shop=200"], nil, []), (["web=600"], ["shop=200"], nil, []),
        ([], ["shop=600"], 200, ["-g shop=600 has no effect, because -a 200 is lower"]),
        ([], ["shop=600", "*=200"], nil, ["-g shop=600 has no effect, because -g *=200 is lower"]),
        ([], ["*=600", "shop=200"], nil, []),
    ])
    func `A limit that a lower one always overrules is probably a mistake`(
        _ programs: [String], _ groups: [String], _ any: Int?, _ expected: [String]
    ) {
        func list(_ texts: [String], _ option: String) -> MemoryLimitList {
            texts.reduce(into: MemoryLimitList()) { list, text in
                let parts = text.split(separator: "=")
                list.set(String(parts[0]), .bytes(Int(parts[1]) ?? 0), text: "\(option) \(text)")
            }
        }
        var limits = MemoryLimits(
            programs: list(programs, "-p"), groups: list(groups, "-g"),
            any: any.map { .bytes($0) }, anyText: any.map { "-a \($0)" } ?? "")
        #expect(limits.warnings == expected.map { "\($0): add --most-specific" })
        limits.isMostSpecific = true
        #expect(limits.warnings.isEmpty)
    }
}
