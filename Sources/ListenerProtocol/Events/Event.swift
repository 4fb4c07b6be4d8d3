// One event, as it came.

/// One event, as it came: its header and its payload.
public struct Event: Hashable, Sendable {
    /// The header.
    public let header: EventHeader

    /// The payload's bytes, as supervisord sent them.
    public let payload: [UInt8]

    /// What kind of event it is.
    public var name: EventName { header.name }

    /// Puts an event together.
    ///
    /// - Parameters:
    ///   - header: The header.
    ///   - payload: The payload's bytes.
    public init(header: EventHeader, payload: [UInt8]) {
        self.header = header
        self.payload = payload
    }

    /// The payload as text; what is not UTF-8 becomes U+FFFD.
    public var text: String {
        String(decoding: payload, as: UTF8.self)
    }

    /// What the event tells, by its kind.
    ///
    /// - Returns: The typed content; ``EventContent/other`` for a name that is not known here.
    /// - Throws: ``PayloadError`` when the payload lacks what the name promises.
    public func content() throws(PayloadError) -> EventContent {
        try EventContent(self)
    }
}
