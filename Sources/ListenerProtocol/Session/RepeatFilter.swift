// Recognises events that supervisord sends again.

/// Recognises events that supervisord sends again.
///
/// An event comes twice when a listener died over it, and a FAIL of another listener of the same
/// priority is put into our buffer too. Both keep the serial. The last 4,096 are remembered, four
/// times the largest buffer that is recommended.
struct RepeatFilter {
    private struct Key: Hashable {
        let server: String
        let serial: Int
    }

    private static let capacity = 4_096
    private var seen: Set<Key> = []
    private var order: [Key] = []
    private var oldest = 0

    /// Notes an event.
    ///
    /// - Parameter header: The event's header; one without a serial is never a repeat.
    /// - Returns: Whether it was noted before.
    mutating func isRepeat(_ header: EventHeader) -> Bool {
        guard let serial = header.serial else { return false }
        let key = Key(server: header.server ?? "", serial: serial)
        guard seen.insert(key).inserted else { return true }
        if order.count < Self.capacity {
            order.append(key)
        } else {
            seen.remove(order[oldest])
            order[oldest] = key
            oldest = (oldest + 1) % Self.capacity
        }
        return false
    }
}
