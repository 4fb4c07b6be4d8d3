import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// What memmon remembers of the last ticks, and how it draws that.
@Suite struct MemoryHistoryTests {
    private func time(_ minute: Int) -> Timestamp {
        Timestamp(seconds: 1_700_000_000 + minute * 60)
    }

    private func sample(pid: Int, size: Int, measured: Int? = nil) -> MemorySample {
        MemorySample(
            process: ProcessName(group: "site", name: "web"), pid: pid, size: size, limit: 100,
            measured: measured)
    }

    @Test func `The last twenty-four ticks of running processes are kept`() {
        var history = MemoryHistory()
        for minute in 1...30 {
            var samples = [sample(pid: 7, size: minute)]
            if minute < 30 { samples.append(sample(pid: 8, size: 1)) }
            history.note(samples, at: time(minute))
        }
        #expect(history.samples(of: 7).map(\.size) == Array(7...30))
        #expect(history.samples(of: 7).last?.time == time(30))
        #expect(history.samples(of: 8).isEmpty)
        #expect(history.samples(of: 9).isEmpty)
    }

    @Test func `What is not always measured is remembered where it was`() {
        var history = MemoryHistory()
        for minute in 1...4 {
            history.note(
                [sample(pid: 7, size: minute, measured: minute % 2 == 0 ? minute * 10 : nil)],
                at: time(minute))
        }
        #expect(history.samples(of: 7).map(\.size) == [1, 2, 3, 4])
        #expect(history.samples(of: 7, by: .unique).map(\.size) == [20, 40])
        #expect(history.samples(of: 7, by: .unique).map(\.time) == [time(2), time(4)])
        history.note([], at: time(5))
        #expect(history.samples(of: 7, by: .unique).isEmpty)
    }

    @Test func `A chart has the name of the measure, and a forecast where there is a trend`() throws
    {
        let samples = (0..<6).map {
            MemoryHistory.Sample(time: time($0), size: (100 + $0 * 10) << 20)
        }
        let text = try #require(
            MemoryChart.text(samples, limit: 450 << 20, measure: .proportional))
        #expect(text.hasPrefix("PSS over the last 6 ticks, limit 450.0 MB:\n"))
        #expect(text.hasSuffix("\nat this rate the limit in about 30 min"))
        let open = try #require(MemoryChart.text(samples, limit: nil))
        #expect(open.hasPrefix("memory over the last 6 ticks:\n"))
        #expect(!open.contains("over\n") && !open.contains("at this rate"))
    }

    @Test func `A chart has a line for each tick and marks those over the limit`() {
        let sizes = [10, 20, 15, 40].map { $0 << 20 }
        let samples = sizes.enumerated().map { MemoryHistory.Sample(time: time($0), size: $1) }
        func clock(_ minute: Int) -> String { time(minute).formatted("%H:%M:%S") }
        #expect(
            MemoryChart.text(samples, limit: 30 << 20) == """
                memory over the last 4 ticks, limit 30.0 MB:
                  \(clock(0))    10.0 MB ##########
                  \(clock(1))    20.0 MB ####################
                  \(clock(2))    15.0 MB ###############
                  \(clock(3))    40.0 MB ######################################## over
                """)
    }

    @Test func `Huge sizes are drawn too`() throws {
        let samples = [Int.max, .max / 2, 0].map { MemoryHistory.Sample(time: time(0), size: $0) }
        let lines = try #require(MemoryChart.text(samples, limit: .max)).split(separator: "\n")
        #expect(lines.dropFirst().map { $0.count { $0 == "#" } } == [40, 20, 1])
    }

    @Test func `There is no chart for fewer than two ticks`() {
        #expect(MemoryChart.text([], limit: 1) == nil)
        #expect(MemoryChart.text([.init(time: time(1), size: 5)], limit: 1) == nil)
        let nothing = [1, 2].map { MemoryHistory.Sample(time: time($0), size: 0) }
        #expect(MemoryChart.text(nothing, limit: 1) == nil)
    }

    @Test(arguments: [
        (0, "   0 bytes"), (1, "    1 byte"), (400, " 400 bytes"), (1_024, "    1.0 KB"),
        (1 << 20, "    1.0 MB"),
        (1_572_864, "    1.5 MB"),
        (1 << 40, "1048576.0 MB"), (52_428, "   51.1 KB"), (104_448, "    0.1 MB"),
    ])
    func `Sizes are in megabytes`(_ size: Int, _ text: String) {
        #expect(MemoryChart.megabytes(size) == text)
    }
}
