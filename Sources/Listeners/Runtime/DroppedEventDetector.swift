internal import ListenerProtocol
internal import System
internal import Text

/// Detects events that supervisord has dropped, by gaps in the pool serials.
///
/// Listeners of a pool share the serials, so this only works for a listener that is alone in its
/// pool.
struct DroppedEventDetector {
    private var pool: String?
    private var last: Int?
    /// The number of dropped events that no alert has mentioned yet.
    private var untold = 0

    /// A serial that is lower by more than this belongs to a new pool rather than to a late event.
    private static let reach = 4_096

    /// The range of supervisord's serials; others are invalid.
    private static let numbers = 0...Int(Int32.max)

    /// Creates a detector.
    ///
    /// - Parameter own: The listener's name; it equals the pool's if the listener is alone in its
    ///   pool.
    init(own: ProcessName?) {
        pool = own.flatMap { $0.group.isExactly($0.name) ? $0.name : nil }
    }

    /// Records an event.
    ///
    /// - Parameter header: The event's header.
    /// - Returns: How many events before it were dropped.
    mutating func note(_ header: EventHeader) -> Int {
        let count = missing(before: header)
        untold = untold.addingSaturated(count)
        return count
    }

    /// Stops the detection and discards unreported gaps, because supervisord numbers its events
    /// differently.
    mutating func stop() {
        pool = nil
        untold = 0
    }

    /// Returns the notice about all unreported gaps for the next alert, once.
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

    /// The notice about a number of dropped events; nil for 0.
    static func notice(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        return "supervisord has dropped \(count) \(count == 1 ? "event" : "events") before this: "
            + "raise buffer_size= in this listener's section"
    }
}
