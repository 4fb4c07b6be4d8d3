// The header line before each event.

/// The header line before each event.
///
/// Source: Supervisor manual, "Header Tokens".
public struct EventHeader: Hashable, Sendable {
    /// What kind of event follows.
    public let name: EventName

    /// The payload's length: characters from supervisord 4, bytes from supervisord 3 and from the
    /// Go host.
    public let length: Int

    /// The number of the event in the life of its supervisord; the same event keeps it when it is
    /// sent again.
    public let serial: Int?

    /// The `identifier` of the supervisord that sends.
    public let server: String?

    /// The name of the pool of listeners, which is the name of the `[eventlistener:x]` section.
    public let pool: String?

    /// The number of the event among those for the pool.
    public let poolSerial: Int?

    /// All tokens of the line, those that nobody knows among them.
    public let tokens: TokenSet

    /// The largest payload that is believed: 64 MiB, far more than supervisord's buffers let
    /// through.
    public static let greatestLength = 67_108_864

    /// Reads a header line.
    ///
    /// - Parameter line: The line, without its end.
    /// - Throws: ``ProtocolError`` when it names no event, or when `len` is absent, negative or absurd.
    public init(_ line: String) throws(ProtocolError) {
        try self.init(Array(line.utf8))
    }

    /// Reads a header line.
    ///
    /// - Parameter line: The line's bytes, without its end.
    /// - Throws: ``ProtocolError`` when it names no event, or when `len` is absent, negative or absurd.
    public init(_ line: [UInt8]) throws(ProtocolError) {
        let tokens = TokenSet(line)
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
        guard length <= Self.greatestLength else {
            throw ProtocolError(
                "a header with a len beyond \(Self.greatestLength)",
                came: String(decoding: line, as: UTF8.self))
        }
        self.name = EventName(rawValue: name)
        self.length = length
        serial = tokens.number("serial")
        server = tokens["server"]
        pool = tokens["pool"]
        poolSerial = tokens.number("poolserial")
        self.tokens = tokens
    }
}
