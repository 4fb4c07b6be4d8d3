// Notices events that supervisord has dropped.

internal import ListenerProtocol
internal import System
internal import Text

/// Notices events that supervisord has dropped, by the numbers of those that came.
///
/// Listeners of one pool share the numbers, so that only one who is alone in its pool can tell.
struct DroppedEventDetector {
    private var pool: String?
    private var last: Int?
    /// How many are missing that no alert has told yet.
    private var untold = 0

    /// Numbers that are as much lower are those of a new pool, not of an event that came late.
    private static let reach = 4_096

    /// What supervisord can have counted up to; anything else is no number of its.
    private static let numbers = 0...Int(Int32.max)

    /// Makes a watch for a listener.
    ///
    /// - Parameter own: The listener's name, which is its pool's if it is alone in it.
    init(own: ProcessName?) {
        pool = own.flatMap { $0.group.isExactly($0.name) ? $0.name : nil }
    }

    /// Notes an event.
    ///
    /// - Parameter header: Its header.
    /// - Returns: How many events are missing before it.
    mutating func note(_ header: EventHeader) -> Int {
        let count = missing(before: header)
        untold = untold.addingSaturated(count)
        return count
    }

    /// Notes no more gaps, and forgets those of which no alert has told: the host numbers its events
    /// in its own way.
    mutating func stop() {
        pool = nil
        untold = 0
    }

    /// What the next alert has to tell of all that is missing; only once.
    mutating func takeNotice() -> String? {
        defer { untold = 0 }
        return Self.notice(untold)
    }

    private mutating func missing(before header: EventHeader) -> Int {
        guard let pool, header.pool?.isExactly(pool) == true, let serial = header.poolSerial,
            Self.numbers.contains(serial)
        else { return 0 }
        guard let last else {
            last = serial
            return 0
        }
        guard serial > last else {
            if last - serial > Self.reach { self.last = serial }
            return 0
        }
        self.last = serial
        return serial - last - 1
    }

    /// What to tell of so many missing events; nothing of none.
    static func notice(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        return "supervisord has dropped \(count) \(count == 1 ? "event" : "events") before this: "
            + "raise buffer_size= in this listener's section"
    }
}
