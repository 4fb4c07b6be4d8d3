// Recognises events that supervisord sends again.

internal import Text

/// Recognises events that supervisord sends again.
///
/// An event comes twice when a listener died over it, and a FAIL of another listener of the same
/// priority is put into our buffer too. Both keep the serial. The last 4,096 are remembered, four
/// times the largest buffer that is recommended.
struct RepeatFilter {
    private static let capacity = 4_096
    private static let servers = 4
    /// Where no serial is remembered yet.
    private static let none = UInt32.max
    /// By server, the latest serial among those with the same remainder: serials rise one by one.
    private var memories: [(server: String, serials: [UInt32])] = []

    /// Notes an event.
    ///
    /// - Parameter header: The event's header; one without a serial that supervisord could reach is
    ///   never a repeat.
    /// - Returns: Whether it was noted before.
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
