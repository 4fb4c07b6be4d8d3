internal import System

/// The starts of a process that the listener has requested, to recognize their STARTING events.
///
/// An event may arrive before the worker reports its request, or after the restart has ended.
struct OwnStarts: Hashable, Sendable {
    /// The requests without the events; negative while an event's request is not reported yet.
    private var count = 0
    private var last = 0

    /// Records requests.
    ///
    /// - Parameter time: The current time.
    mutating func request(at time: Timestamp) {
        count += 1
        last = time.seconds
    }

    /// Records a STARTING event.
    ///
    /// - Parameter isActing: Whether an action for the process is running.
    /// - Returns: Whether the start is the listener's own.
    mutating func note(whileActing isActing: Bool) -> Bool {
        guard isActing || count > 0 else { return false }
        count -= 1
        return true
    }

    /// Records the end of an action: its requests are known.
    ///
    /// - Returns: Whether there were more events than requests, so that somebody else has started
    ///   the process.
    @discardableResult
    mutating func endAction() -> Bool {
        defer { count = max(0, count) }
        return count < 0
    }

    /// Records a tick: events arrive in the order in which they are sent, so the events of earlier
    /// requests have arrived or are lost.
    ///
    /// - Parameter time: When it was sent, in seconds since 1970.
    mutating func noteTick(sent time: Int) {
        if time > last { count = min(0, count) }
    }
}
