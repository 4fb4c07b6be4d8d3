/// Splits the bytes from supervisord into events.
///
/// Only one event is in flight at a time. All bytes before the next READY belong to it, even if
/// they look like a header: payloads are untrusted. `len` counts characters or bytes
/// (``LengthUnit``), which differ only for payloads that are not ASCII. More than `len` bytes mean
/// that it counts characters. After exactly `len` bytes with fewer characters, ``isAmbiguous`` is
/// true, and ``resolveAmbiguity()`` treats a pause of ``ambiguityTimeout`` as the end. Once the
/// unit is known it applies to the rest of the session. The result does not depend on how the bytes
/// are split into reads.
struct FrameReader {
    private var buffer: [UInt8] = []
    private var header: EventHeader?
    /// The size of the header line in bytes, including the line feed.
    private var headerSize = 0
    private var unit: LengthUnit?
    /// The number of characters that were missing when a pause was treated as the end of a payload;
    /// nil once it is known whether they follow.
    private var missing: Int?
    /// How much of the payload has been counted, so that long payloads are counted only once.
    private var counted = (characters: 0, bytes: 0)

    /// Whether the payload is complete unless more bytes follow.
    private(set) var isAmbiguous = false

    /// The maximum size of a header line in bytes.
    private static let maximumHeaderLength = 65_536

    /// Appends bytes that were read.
    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next event if it is complete.
    mutating func next() throws(ProtocolError) -> Event? {
        isAmbiguous = false
        if header == nil { header = try takeHeader() }
        guard let header, let end = payloadEnd(header.payloadLength) else { return nil }
        return take(header, through: end)
    }

    /// The pause after which an ambiguous payload is complete.
    ///
    /// supervisord writes a frame at once into an empty pipe. If the frame does not fit, the pipe
    /// is filled exactly to the end of a page: only then can more bytes follow, after as long as
    /// supervisord is busy (`pipe(7)`).
    var ambiguityTimeout: Duration {
        (headerSize + buffer.count).isMultiple(of: Self.pageSize)
            ? .seconds(10) : .milliseconds(200)
    }

    /// The size of a page of a pipe; larger page sizes are multiples of it.
    private static let pageSize = 4_096

    /// Returns the ambiguous event, because nothing has followed.
    mutating func resolveAmbiguity() -> Event? {
        guard let header, isAmbiguous else { return nil }
        missing = header.payloadLength - buffer.lazy.filter { !$0.isContinuation }.count
        return take(header, through: buffer.count)
    }

    /// Discards everything that has been read.
    mutating func reset() {
        buffer = []
        counted = (0, 0)
        header = nil
        missing = nil
        isAmbiguous = false
    }

    // MARK: The header

    private mutating func takeHeader() throws(ProtocolError) -> EventHeader? {
        learnFromSilence()
        // Ignores empty lines before a header, as typed by a person.
        buffer.removeFirst(buffer.prefix { $0 == UInt8(ascii: "\n") }.count)
        let end = buffer.firstIndex(of: UInt8(ascii: "\n"))
        guard end ?? buffer.count <= Self.maximumHeaderLength else {
            throw ProtocolError(
                "no line end in \(Self.maximumHeaderLength) bytes of a header",
                came: String(decoding: buffer.prefix(200), as: UTF8.self))
        }
        guard let end else { return nil }
        let line = Array(buffer[..<end])
        headerSize = end + 1
        buffer.removeFirst(headerSize)
        return try EventHeader(line)
    }

    /// The beginning of each header (Supervisor manual, "Header Tokens").
    private static let headerStart = Array("ver:".utf8)

    /// Checks the assumption made after a pause with the bytes that follow.
    ///
    /// A header means that the payload was complete, so `len` counts bytes. Anything else is the
    /// rest of that payload, which has already been acknowledged: it is discarded, and `len` counts
    /// characters.
    private mutating func learnFromSilence() {
        guard var missing, let first = buffer.first else { return }
        if unit == nil {
            let start = buffer.prefix(Self.headerStart.count)
            if !Self.headerStart.starts(with: start) {
                unit = missing > 0 || first.isContinuation ? .characters : nil
            } else if start.count == Self.headerStart.count {
                unit = .bytes
            } else {
                return
            }
        }
        guard unit == .characters else {
            self.missing = nil
            return
        }
        // The last character ends where the next one begins.
        let rest = buffer.firstIndex { byte in
            if byte.isContinuation { return false }
            missing -= 1
            return missing < 0
        }
        self.missing = rest == nil ? missing : nil
        buffer.removeFirst(rest ?? buffer.count)
    }

    // MARK: The payload

    /// The end of the payload, if it can be determined.
    private mutating func payloadEnd(_ length: Int) -> Int? {
        guard buffer.count >= length else { return nil }
        if unit == .bytes || isASCII(length) { return length }
        let end = endOfCharacters(length)
        // Invalid bytes count the same in both units.
        if end == length { return end }
        // A sender that counts bytes sends no more of them before the next READY.
        if unit == nil && buffer.count > length { unit = .characters }
        isAmbiguous = unit == nil
        return isAmbiguous ? nil : end
    }

    private func isASCII(_ length: Int) -> Bool {
        buffer.prefix(length).allSatisfy { $0 < 0x80 }
    }

    /// The end of this many characters; nil while the last one is incomplete.
    private mutating func endOfCharacters(_ count: Int) -> Int? {
        while counted.characters < count && counted.bytes < buffer.count {
            counted.bytes += buffer[counted.bytes].sequenceLength
            counted.characters += 1
        }
        return counted.characters == count && counted.bytes <= buffer.count ? counted.bytes : nil
    }

    private mutating func take(_ header: EventHeader, through end: Int) -> Event {
        // Allocates new arrays, so that the memory of a large payload is released.
        let isAll = end == buffer.count
        let payload = isAll ? buffer : Array(buffer[..<end])
        buffer = isAll ? [] : Array(buffer[end...])
        counted = (0, 0)
        isAmbiguous = false
        self.header = nil
        return Event(header: header, payload: payload)
    }
}

extension UInt8 {
    /// Whether the byte is a UTF-8 continuation byte (RFC 3629, section 3).
    fileprivate var isContinuation: Bool {
        self & 0xC0 == 0x80
    }

    /// The length of the UTF-8 sequence that starts with this byte (RFC 3629, section 3).
    fileprivate var sequenceLength: Int {
        switch self {
        case 0xF0...: 4
        case 0xE0...: 3
        case 0xC0...: 2
        default: 1
        }
    }
}
