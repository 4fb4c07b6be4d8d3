import Glibc

/// A point in monotonic time by which a condition must be met.
///
/// Tests deliberately block their thread while waiting: only as many tests run at once as there are
/// processors, so none starves another.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(in duration: Duration) {
        end = .now + duration
    }

    var hasPassed: Bool { end <= .now }

    /// The remaining milliseconds for poll(2), rounded up, never negative.
    var milliseconds: Int32 {
        let left = ContinuousClock.Instant.now.duration(to: end) / Duration.milliseconds(1)
        return Int32(max(0, left.rounded(.up)))
    }
}

/// The default timeout: far longer than necessary on a busy machine, even for instrumented
/// programs.
package let patience = Duration.seconds(180)

/// Polls until there is a value; throws with a description of what was expected when the timeout
/// expires.
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

/// Polls until the condition is met; throws with a description of what was expected when the
/// timeout expires.
package func eventually(
    _ what: @autoclosure () -> String, within duration: Duration = patience,
    _ condition: () throws -> Bool
) throws {
    _ = try eventually(what(), within: duration) { try condition() ? true : nil }
}
