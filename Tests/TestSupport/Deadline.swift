// Waiting by looking again, with an end to it.

import Glibc

/// A point of monotonic time by which something must have happened.
///
/// Tests wait by blocking their thread. That is on purpose: only as many tests run at once as there
/// are processors, and none starves another.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(in duration: Duration) {
        end = .now + duration
    }

    var hasPassed: Bool { end <= .now }

    /// What is left in the unit of poll(2), rounded up, never negative.
    var milliseconds: Int32 {
        let left = ContinuousClock.Instant.now.duration(to: end) / Duration.milliseconds(1)
        return Int32(max(0, left.rounded(.up)))
    }
}

/// How long anything is waited for unless told otherwise: far longer than it takes on a busy
/// machine, even for instrumented programs.
package let patience = Duration.seconds(180)

/// Looks again and again until there is a value; throws, saying what was awaited, when time is up.
package func eventually<Value>(
    _ what: @autoclosure () -> String, within duration: Duration = patience,
    _ look: () throws -> Value?
) throws -> Value {
    let deadline = Deadline(in: duration)
    while true {
        let isLast = deadline.hasPassed
        if let value = try look() { return value }
        if isLast { throw TestFailure("waited \(duration) in vain for \(what())") }
        usleep(10_000)
    }
}

/// Looks again and again until the condition holds; throws, saying what was awaited, when time is
/// up.
package func eventually(
    _ what: @autoclosure () -> String, within duration: Duration = patience,
    _ condition: () throws -> Bool
) throws {
    _ = try eventually(what(), within: duration) { try condition() ? true : nil }
}
