import Testing

@testable import Alerting

struct BackoffTests {

    @Test(arguments: [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (1_000, 300)])
    func `pauses double from five seconds to five minutes, give or take a fifth`(
        failures: Int, seconds: Int
    ) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let pause = Backoff.pause(after: failures, using: &generator)
            #expect(
                pause >= .milliseconds(seconds * 800) && pause <= .milliseconds(seconds * 1_200))
        }
    }
}
