import ListenerProtocol
import Testing

@testable import Listeners

/// How many events are missing, by the numbers of those that came.
@Suite struct GapWatchTests {
    private static let alone = ProcessName(group: "crashmail", name: "crashmail")

    private func gaps(
        _ serials: [Int], own: ProcessName? = alone, pool: String = "crashmail"
    ) throws -> [Int] {
        var watch = DroppedEventDetector(own: own)
        return try serials.map { serial in
            try watch.note(
                EventHeader(
                    "ver:3.0 server:supervisor serial:\(serial * 3) pool:\(pool) "
                        + "poolserial:\(serial) eventname:TICK_5 len:0"))
        }
    }

    @Test(arguments: [
        ([0, 1, 2, 3], [0, 0, 0, 0]), ([7, 8], [0, 0]), ([7, 9, 10, 20], [0, 1, 0, 9]),
        ([5, 5, 6], [0, 0, 0]), ([10, 14, 11, 12, 13, 15], [0, 3, 0, 0, 0, 0]),
        ([5_000, 0, 1, 3], [0, 0, 0, 1]), ([100, 0, 101], [0, 0, 0]),
    ])
    func `Each gap is counted once`(_ serials: [Int], _ expected: [Int]) throws {
        #expect(try gaps(serials) == expected)
    }

    @Test(arguments: [
        ([1, .max, .min, 2], [0, 0, 0, 0]), ([.min, .max], [0, 0]), ([.max, 5, 7], [0, 0, 1]),
        ([-1, 3, 5], [0, 0, 1]), ([0, Int(Int32.max), 0, 2], [0, 2_147_483_646, 0, 1]),
    ])
    func `A serial out of supervisord's range is ignored`(
        _ serials: [Int], _ expected: [Int]
    ) throws {
        var watch = DroppedEventDetector(own: Self.alone)
        let counts = try serials.map { serial in
            try watch.note(
                EventHeader("pool:crashmail poolserial:\(serial) eventname:TICK_5 len:0"))
        }
        #expect(counts == expected)
    }

    @Test func `Pool names are compared byte by byte`() throws {
        let own = ProcessName(group: "caf\u{E9}", name: "caf\u{E9}")
        #expect(try gaps([1, 3], own: own, pool: "cafe\u{301}") == [0, 0])
        #expect(try gaps([1, 3], own: own, pool: "caf\u{E9}") == [0, 1])
    }

    @Test func `Gaps are not detected in a shared pool`() throws {
        let own = ProcessName(group: "crashmail", name: "crashmail_00")
        #expect(try gaps([1, 3, 9], own: own) == [0, 0, 0])
    }

    @Test func `Gaps are not detected without an own name or in another pool's events`() throws {
        #expect(try gaps([1, 3, 9], own: nil) == [0, 0, 0])
        #expect(try gaps([1, 3, 9], pool: "other") == [0, 0, 0])
    }

    @Test func `A header without a serial is ignored`() throws {
        var watch = DroppedEventDetector(own: Self.alone)
        let header = try EventHeader("ver:3.0 pool:crashmail eventname:TICK_5 len:0")
        #expect(watch.note(header) == 0)
    }
}
