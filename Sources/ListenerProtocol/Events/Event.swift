/// One event: its header and its payload.
public struct Event: Hashable, Sendable {
    /// The header.
    public let header: EventHeader

    /// The payload's bytes, as supervisord sent them.
    public let payload: [UInt8]

    /// The event's name.
    public var name: EventName { header.name }

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - header: The header.
    ///   - payload: The payload's bytes.
    public init(header: EventHeader, payload: [UInt8]) {
        self.header = header
        self.payload = payload
    }

    /// The payload as text; invalid UTF-8 becomes U+FFFD.
    public var text: String {
        String(decoding: payload, as: UTF8.self)
    }

    /// Parses the payload.
    ///
    /// - Returns: The typed content; ``EventContent/other`` for an unknown event name.
    /// - Throws: ``PayloadError`` when the payload lacks a field that the event's name requires.
    public func content() throws(PayloadError) -> EventContent {
        try EventContent(self)
    }
}
