/// The header line of an event.
///
/// Source: Supervisor manual, "Header Tokens".
public struct EventHeader: Hashable, Sendable {
    /// The event's name.
    public let name: EventName

    /// The payload's length: in characters with supervisord 4, in bytes with supervisord 3 and the
    /// Go implementation.
    public let payloadLength: Int

    /// The event's serial number within one supervisord process; an event that is sent again has
    /// the same one.
    public let serial: Int?

    /// The `identifier` of the supervisord that sent the event.
    public let server: String?

    /// The name of the listener pool, which is that of its `[eventlistener:x]` section.
    public let pool: String?

    /// The event's serial number within the pool.
    public let poolSerial: Int?

    /// All tokens of the line, including unknown ones.
    public let tokens: HeaderTokens

    /// The maximum accepted payload length: 64 MiB, far more than supervisord's buffers allow.
    public static let maximumPayloadLength = 67_108_864

    /// Parses a header line.
    ///
    /// - Parameter line: The line, without its line feed.
    /// - Throws: ``ProtocolError`` when the event name is missing, or when `len` is missing,
    ///   negative or above ``maximumPayloadLength``.
    public init(_ line: String) throws(ProtocolError) {
        try self.init(Array(line.utf8))
    }

    /// Parses a header line.
    ///
    /// - Parameter line: The line's bytes, without the line feed.
    /// - Throws: ``ProtocolError`` when the event name is missing, or when `len` is missing,
    ///   negative or above ``maximumPayloadLength``.
    public init(_ line: [UInt8]) throws(ProtocolError) {
        let tokens = HeaderTokens(line)
        guard let name = tokens["eventname"], !name.isEmpty else {
            throw ProtocolError(
                "a header without an eventname", came: String(decoding: line, as: UTF8.self))
        }
        guard let length = tokens.number("len") else {
            throw ProtocolError(
                "a header without a len that is a number",
                came: String(decoding: line, as: UTF8.self))
        }
        guard length >= 0 else {
            throw ProtocolError(
                "a header with a negative len", came: String(decoding: line, as: UTF8.self))
        }
        guard length <= Self.maximumPayloadLength else {
            throw ProtocolError(
                "a header with a len beyond \(Self.maximumPayloadLength)",
                came: String(decoding: line, as: UTF8.self))
        }
        self.name = EventName(rawValue: name)
        payloadLength = length
        serial = tokens.number("serial")
        server = tokens["server"]
        pool = tokens["pool"]
        poolSerial = tokens.number("poolserial")
        self.tokens = tokens
    }
}
