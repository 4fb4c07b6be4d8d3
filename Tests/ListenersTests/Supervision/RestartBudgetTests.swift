import System
import Testing

@testable import Listeners

struct RestartBudgetTests {
    private let limit = RestartLimit(count: 3, period: 3_600)
    private let start = Instant.now

    private func after(_ minutes: Int) -> Instant { start + .seconds(minutes * 60) }

    @Test func `a restart is allowed again when the oldest leaves the window`() {
        var budget = RestartBudget()
        for minute in [0, 20, 40] {
            #expect(budget.allows(limit, at: after(minute)))
            budget.charge(at: after(minute), within: limit)
        }
        #expect(!budget.allows(limit, at: after(59)))
        #expect(budget.wait(limit, at: after(50)) == .seconds(600))
        #expect(budget.allows(limit, at: after(60)))
        #expect(budget.wait(limit, at: after(60)) == .zero)
        budget.charge(at: after(60), within: limit)
        #expect(budget.wait(limit, at: after(60)) == .seconds(1_200))
    }

    @Test func `a refunded restart does not count`() {
        var budget = RestartBudget()
        for _ in 0..<3 { budget.charge(at: start, within: limit) }
        budget.refund(start)
        #expect(budget.allows(limit, at: start))
    }

    @Test func `it survives on the wall clock`() {
        var budget = RestartBudget()
        for minute in [0, 20, 40] { budget.charge(at: after(minute), within: limit) }
        let time = Timestamp(seconds: 1_000_000)
        let times = budget.times(at: Moment(instant: after(40), time: time))
        #expect(times == [1_000_000 - 2_400, 1_000_000 - 1_200, 1_000_000])
        let later = Moment(instant: after(500), time: Timestamp(seconds: 1_000_600))
        let restored = RestartBudget(times: times, at: later)
        #expect(restored.wait(limit, at: later.instant) == .seconds(600))
    }

    @Test func `a time in the future counts as now`() {
        let moment = Moment(instant: start, time: Timestamp(seconds: 100))
        let budget = RestartBudget(times: [.max, .min, 5_000], at: moment)
        #expect(budget.counting(limit, at: start).count == 3)
    }

    @Test func `failures are counted among the last checks`() {
        let threshold = FailureThreshold(failures: 2, checks: 3)
        var ring = FailureRing()
        let expected = [
            (true, false), (false, false), (true, true), (false, false), (false, false),
        ]
        for (isFailure, isReached) in expected {
            ring.add(isFailure: isFailure)
            #expect(ring.reaches(threshold) == isReached)
        }
        ring.add(isFailure: true)
        ring.add(isFailure: true)
        #expect(ring.failures(for: threshold) == 2)
        ring.empty()
        #expect(ring.failures(for: threshold) == 0)
    }

    @Test func `sixty-four checks are remembered`() {
        let threshold = FailureThreshold(failures: 64, checks: 64)
        var ring = FailureRing()
        for _ in 0..<63 { ring.add(isFailure: true) }
        #expect(!ring.reaches(threshold))
        ring.add(isFailure: true)
        #expect(ring.reaches(threshold))
    }

    @Test func `a reminder is due at once, and then at its pace`() {
        var reminder = Reminder()
        #expect(reminder.end() == false)
        #expect(reminder.isDue(at: start, every: 3_600) == true)
        #expect(reminder.isDue(at: after(59), every: 3_600) == false)
        #expect(reminder.isDue(at: after(60), every: 3_600) == true)
        #expect(reminder.end() == true)
        #expect(reminder.isDue(at: after(61), every: 3_600) == true)
    }
}
