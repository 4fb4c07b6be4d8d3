internal import Text

/// Detects events that supervisord sends again.
///
/// supervisord resends an event when the listener died while handling it. A FAIL of another
/// listener with the same priority is also put into this listener's buffer. Both keep the serial.
/// The last 4,096 serials are remembered, four times the largest recommended buffer.
struct RepeatFilter {
    private static let capacity = 4_096
    private static let servers = 4
    /// Marks a slot without a serial.
    private static let none = UInt32.max
    /// For each server the latest serial of each remainder; serials increase one by one.
    private var memories: [(server: String, serials: [UInt32])] = []

    /// Records an event.
    ///
    /// - Parameter header: The event's header. One without a valid serial is never a repeat.
    /// - Returns: Whether it was recorded before.
    mutating func isRepeat(_ header: EventHeader) -> Bool {
        guard let mark = header.serial.flatMap(UInt32.init(exactly:)), mark != Self.none else {
            return false
        }
        let place = Int(mark) % Self.capacity
        let memory = memory(of: header.server ?? "")
        guard memories[memory].serials[place] != mark else { return true }
        memories[memory].serials[place] = mark
        return false
    }

    private mutating func memory(of server: String) -> Int {
        if let index = memories.firstIndex(where: { $0.server.isExactly(server) }) { return index }
        if memories.count == Self.servers { memories.removeFirst() }
        memories.append((server, Array(repeating: Self.none, count: Self.capacity)))
        return memories.count - 1
    }
}
