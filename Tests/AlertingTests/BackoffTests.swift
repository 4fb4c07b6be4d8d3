import Testing

@testable import Alerting

struct BackoffTests {

    @Test(arguments: [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (1_000, 300)])
    func `pauses double from five seconds to five minutes, varied by a fifth`(
        failures: Int, seconds: Int
    ) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let pause = Backoff.passing.pause(after: failures, using: &generator)
            #expect(
                pause >= .milliseconds(seconds * 800) && pause <= .milliseconds(seconds * 1_200))
        }
    }

    @Test(arguments: [(1, 5), (2, 20), (3, 80), (4, 320), (5, 900), (1_000, 900)])
    func `failures that an operator must fix are retried at longer intervals, up to 15 minutes`(
        failures: Int, seconds: Int
    ) {
        var generator = NoChance()
        #expect(
            Backoff.blocked.pause(after: failures, using: &generator) == .seconds(seconds))
    }
}
