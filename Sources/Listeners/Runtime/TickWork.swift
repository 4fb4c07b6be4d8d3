// What is still being done because of a tick.

/// What is still being done because of a tick: the tick itself and the workers that came of it.
final class TickWork {
    private var open = 1

    /// Whether something of it has gone wrong.
    private(set) var hasFailed = false

    /// Notes that another piece of work has begun.
    func begin() {
        open += 1
    }

    /// Notes that a piece of work has ended.
    ///
    /// - Parameter isWell: Whether it came to its end.
    /// - Returns: Whether it was the last one.
    func end(isWell: Bool) -> Bool {
        open -= 1
        hasFailed = hasFailed || !isWell
        return open == 0
    }
}
