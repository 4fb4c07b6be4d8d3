import EventLoop
import System

/// A clock that goes when a test says so.
final class ManualClock {
    private(set) var now = Instant.now
    private var alarms: [(number: Int, due: Instant, handler: () -> Void)] = []
    private var count = 0

    /// The clock as the outbox takes it.
    var alarmClock: AlarmClock {
        AlarmClock(now: { [unowned self] in now }) { [unowned self] delay, handler in
            count += 1
            let number = count
            alarms.append((number, now + delay, handler))
            return AlarmClock.Alarm { [weak self] in
                self?.alarms.removeAll { $0.number == number }
            }
        }
    }

    /// How long it is until the next alarm; nothing if none is set.
    var pause: Duration? { alarms.map(\.due).min().map { max(.zero, $0 - now) } }

    /// Goes on to the next alarm, which rings.
    func ring() {
        guard let next = alarms.min(by: { $0.due < $1.due }) else { return }
        alarms.removeAll { $0.number == next.number }
        now = max(now, next.due)
        next.handler()
    }

    /// Goes on for a while, with all alarms that ring meanwhile.
    func advance(by time: Duration) {
        let end = now + time
        while let next = alarms.map(\.due).min(), next <= end { ring() }
        now = max(now, end)
    }
}

/// Chance that always says the same.
struct NoChance: RandomNumberGenerator {
    // The middle of any range.
    mutating func next() -> UInt64 { 1 << 63 }
}
