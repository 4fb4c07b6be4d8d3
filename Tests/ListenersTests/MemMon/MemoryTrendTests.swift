import System
import Testing

@testable import Listeners

/// When a process will have reached its limit.
struct MemoryTrendTests {
    /// One sample a minute.
    private func samples(_ sizes: [Int]) -> [MemoryHistory.Sample] {
        sizes.enumerated().map { minute, size in
            .init(time: Timestamp(seconds: 1_700_000_000 + minute * 60), size: size)
        }
    }

    private func seconds(_ sizes: [Int], to limit: Int) -> Int? {
        MemoryTrend(samples(sizes))?.seconds(to: limit)
    }

    @Test func `A steady growth is extrapolated`() {
        #expect(seconds([10, 20, 30, 40, 50], to: 100) == 300)
        #expect(seconds([10, 20, 30, 40, 50], to: 50) == 0)
        let uneven = seconds([10, 21, 29, 41, 50], to: 100)
        #expect((280...320).contains(uneven ?? 0))
    }

    @Test(arguments: [
        [], [1], [10, 20, 30, 40], [50, 50, 50, 50, 50], [50, 40, 30, 20, 10],
        [10, 90, 10, 90, 10, 90], [10, 10, 10, 10, 90, 10],
    ])
    func `What does not grow steadily has no trend`(_ sizes: [Int]) {
        #expect(MemoryTrend(samples(sizes)) == nil)
    }

    @Test func `A size above the limit, or a growth of weeks, has no forecast`() {
        #expect(seconds([10, 20, 30, 40, 50], to: 49) == nil)
        #expect(seconds([10, 20, 30, 40, 50], to: 1_000_000) == nil)
    }

    @Test func `A clock that is set back or stopped has no trend, nor do sizes beyond all measure`()
    {
        let one = Timestamp(seconds: 1_700_000_000)
        #expect(MemoryTrend((1...6).map { .init(time: one, size: $0) }) == nil)
        let back = (1...6).map {
            MemoryHistory.Sample(time: Timestamp(seconds: 1_700_000_000 - $0), size: $0)
        }
        #expect(MemoryTrend(back) == nil)
        let large = [0, .max / 4, .max / 2, .max / 4 * 3, .max - 1]
        #expect(seconds(large, to: .max) != nil)
    }

    @Test(arguments: [
        (100, "2 min"), (59, "1 min"), (5_000, "83 min"), (5_400, "2 h"), (11_000, "3 h"),
        (86_400, "24 h"), (200_000, "2 d"),
    ])
    func `A forecast is rough`(_ seconds: Int, _ text: String) {
        let sizes = (0...5).map { $0 * 60 }
        let trend = MemoryTrend(samples(sizes))
        #expect(trend?.text(to: 300 + seconds) == "at this rate the limit in about \(text)")
    }
}
