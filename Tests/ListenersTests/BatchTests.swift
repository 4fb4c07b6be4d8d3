import Alerting
import System
import Testing

@testable import Listeners

struct BatchTests {
    private let noon = Timestamp(seconds: 1_795_212_000)

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
    func `A batch is due at the tick that completes the interval`(
        _ interval: Double, _ seconds: Int, _ expected: Int
    ) {
        #expect(ticks(interval: interval, every: seconds) == expected)
    }

    @Test func `An endless interval never ends and does not overflow`() {
        var batch = Batch(interval: .greatestFiniteMagnitude)
        let hasCome = (0..<1_000).contains { _ in batch.pass(seconds: 3_600) }
        #expect(!hasCome)
    }

    @Test func `The longest tick does not overflow, however often it is repeated`() {
        var batch = Batch(interval: 1e30)
        let hasCome = (0..<3).contains { _ in batch.pass(seconds: .max) }
        #expect(!hasCome)
    }

    private func incident(_ message: String) -> StoredIncident {
        StoredIncident(Incident(.exited, at: noon, message: message), in: nil)
    }

    @Test func `Collected incidents are sent together in order, and the interval restarts`() {
        var batch = Batch(interval: 2)
        var hasCome = [batch.pass(seconds: 60)]
        let nothing = batch.take()
        #expect(nothing.isEmpty)
        hasCome.append(batch.pass(seconds: 60))
        for message in ["one", "two", "three"] { batch.add(incident(message)) }
        hasCome.append(batch.pass(seconds: 60))
        #expect(hasCome == [false, false, true])
        let taken = batch.take().map(\.incident.message)
        #expect(taken == ["one", "two", "three"])
        let rest = batch.take()
        #expect(rest.isEmpty)
    }

    @Test func `An incident that turns out to be none is removed`() {
        var batch = Batch(interval: 1)
        let wrong = incident("two")
        batch.add(incident("one"))
        batch.add(wrong)
        batch.remove(wrong)
        let taken = batch.take().map(\.incident.message)
        #expect(taken == ["one"])
    }
}
