public import System

/// A clock and its alarms.
///
/// Whatever waits for a moment takes one as a value: a program's is that of its ``PollLoop``; a
/// test advances its own.
public struct AlarmClock {
    /// An alarm that has been set.
    public struct Alarm {
        private let cancellation: () -> Void

        /// Describes an alarm.
        ///
        /// - Parameter cancellation: What takes it back.
        public init(cancellation: @escaping () -> Void) {
            self.cancellation = cancellation
        }

        /// Takes the alarm back, if it has not rung yet.
        public func cancel() { cancellation() }
    }

    /// The present moment.
    public let now: () -> Instant

    private let set: (Duration, @escaping () -> Void) -> Alarm

    /// Describes a clock.
    ///
    /// - Parameters:
    ///   - now: Returns the present moment.
    ///   - set: Sets an alarm.
    public init(
        now: @escaping () -> Instant, set: @escaping (Duration, @escaping () -> Void) -> Alarm
    ) {
        self.now = now
        self.set = set
    }

    /// The clock of a loop.
    ///
    /// - Parameter loop: The loop, from which alarms ring.
    public init(_ loop: PollLoop) {
        self.init(now: { .now }) { [unowned loop] delay, handler in
            let timer = loop.after(delay, handler: handler)
            return Alarm { [weak loop] in loop?.cancel(timer) }
        }
    }

    /// Calls a handler once, after a while.
    ///
    /// - Parameters:
    ///   - delay: How long to wait.
    ///   - handler: Called once; it must not block.
    /// - Returns: The alarm.
    public func after(_ delay: Duration, handler: @escaping () -> Void) -> Alarm {
        set(delay, handler)
    }
}
