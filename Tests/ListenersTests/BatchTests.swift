import Alerting
import Testing

@testable import Listeners

struct BatchTests {
    private let noon = Timestamp(seconds: 1_795_212_000)
    private let later = Timestamp(seconds: 1_795_212_060)

    /// At which tick the time has come, as of the first.
    private func ticks(interval: Double, every seconds: Int) -> Int? {
        var batch = Batch(interval: interval)
        return (1...2_000).first { _ in batch.pass(seconds: seconds) }
    }

    @Test(arguments: [
        (1.0, 60, 1), (2, 60, 2), (1.5, 60, 2), (0, 60, 1), (0.01, 5, 1), (1, 5, 12), (2, 5, 24),
        (0.5, 5, 6), (0.25, 5, 3), (0.1, 5, 2), (10, 5, 120), (60, 3_600, 1), (61, 3_600, 2),
        (3, 1, 180), (0.7, 1, 42), (1e-300, 60, 1),
    ])
    func `Its time comes with the tick that completes the interval`(
        _ interval: Double, _ seconds: Int, _ expected: Int
    ) {
        #expect(ticks(interval: interval, every: seconds) == expected)
    }

    @Test func `An interval without end never comes, and overflows nothing`() {
        var batch = Batch(interval: .greatestFiniteMagnitude)
        let hasCome = (0..<1_000).contains { _ in batch.pass(seconds: 3_600) }
        #expect(!hasCome)
    }

    @Test func `Messages go out together, in order, with the time of the first`() throws {
        var batch = Batch(interval: 1)
        batch.add("one", at: noon)
        batch.add("two\n", at: later)
        batch.add("", at: later)
        let taken = batch.take(subject: "S")
        let alert = try #require(taken)
        #expect(alert.subject == "S")
        #expect(alert.body == "one\ntwo\n\n")
        #expect(alert.time == noon)
        let rest = batch.take(subject: "S")
        #expect(rest == nil)
    }

    @Test func `Nothing collected is nothing to send, and time starts anew`() {
        var batch = Batch(interval: 2)
        var hasCome = [batch.pass(seconds: 60)]
        let nothing = batch.take(subject: nil)
        #expect(nothing == nil)
        hasCome.append(batch.pass(seconds: 60))
        batch.add("x", at: noon)
        hasCome.append(batch.pass(seconds: 60))
        #expect(hasCome == [false, false, true])
        let alert = batch.take(subject: nil)
        #expect(alert?.body == "x")
        #expect(alert?.subject == nil)
    }
}
