// Cuts what comes from supervisord into events.

/// Cuts what comes from supervisord into events.
///
/// `len` may count characters or bytes (``LengthUnit``), which differ only where the payload is not
/// ASCII. Then the end of the payload is found by what follows it: nothing, since only one event is
/// ever in flight, or the next header. Where exactly `len` bytes have come and fewer characters,
/// only time tells: ``isUndecided`` says so, and ``settle()`` takes the silence for an end. What
/// has once been found out holds for the rest of the conversation.
struct FrameReader {
    private var buffer: [UInt8] = []
    private var header: EventHeader?
    private var unit: LengthUnit?
    /// Characters that were missing when silence was taken for the end of a payload.
    private var missing = 0
    /// How far the payload has been counted, so that a long one is counted once.
    private var counted = (characters: 0, bytes: 0)

    /// A header line longer than this is none.
    private static let longestHeader = 65_536

    /// Adds what was read.
    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next event, if it is there as a whole.
    mutating func next() throws(OutOfStep) -> Event? {
        if header == nil { header = try takeHeader() }
        guard let header, let end = payloadEnd(header.length) else { return nil }
        return take(header, through: end)
    }

    /// Whether a payload is complete if `len` counts bytes, and is not if it counts characters.
    var isUndecided: Bool {
        guard let header, unit == nil else { return false }
        return buffer.count == header.length && !isASCII(header.length)
    }

    /// Takes the event that is undecided, since nothing has followed.
    mutating func settle() -> Event? {
        guard isUndecided, let header else { return nil }
        missing = header.length - buffer.lazy.filter { !$0.isContinuation }.count
        return take(header, through: buffer.count)
    }

    /// Forgets everything that has been read.
    mutating func reset() {
        buffer = []
        counted = (0, 0)
        header = nil
    }

    // MARK: The header

    private mutating func takeHeader() throws(OutOfStep) -> EventHeader? {
        learnFromSilence()
        // Blank lines before a header are nobody's; a person typing makes them.
        buffer.removeFirst(buffer.prefix { $0 == UInt8(ascii: "\n") }.count)
        guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else {
            guard buffer.count <= Self.longestHeader else {
                throw OutOfStep(
                    "no line end in \(Self.longestHeader) bytes of a header",
                    came: String(decoding: buffer.prefix(200), as: UTF8.self))
            }
            return nil
        }
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return try EventHeader(line)
    }

    /// Compares what follows a silence with what was made of it.
    ///
    /// A header says that the payload had been complete, so `len` counts bytes. Anything else is
    /// the rest of that payload, which has been answered already: it is dropped, and `len` counts
    /// characters.
    private mutating func learnFromSilence() {
        guard missing > 0, !buffer.isEmpty else { return }
        if unit == nil { unit = startsHeader(at: 0) ? .bytes : .characters }
        guard unit == .characters else {
            missing = 0
            return
        }
        var dropped = 0
        for byte in buffer {
            if !byte.isContinuation {
                if missing == 0 { break }
                missing -= 1
            }
            dropped += 1
        }
        buffer.removeFirst(dropped)
    }

    // MARK: The payload

    /// Where the payload ends, if that can be said.
    private mutating func payloadEnd(_ length: Int) -> Int? {
        guard buffer.count >= length else { return nil }
        if unit == .bytes || isASCII(length) { return length }
        let characters = endOfCharacters(length)
        if unit == .characters { return characters }
        // More has come than `len` bytes: either the next header or the rest of the characters.
        if buffer.count > length && startsHeader(at: length) { return length }
        return characters
    }

    private func isASCII(_ length: Int) -> Bool {
        buffer.prefix(length).allSatisfy { $0 < 0x80 }
    }

    /// Where so many characters end; nothing while the last of them is not whole.
    private mutating func endOfCharacters(_ count: Int) -> Int? {
        while counted.characters < count && counted.bytes < buffer.count {
            counted.bytes += buffer[counted.bytes].sequenceLength
            counted.characters += 1
        }
        return counted.characters == count && counted.bytes <= buffer.count ? counted.bytes : nil
    }

    /// Whether a header stands here, or what may become one.
    private func startsHeader(at index: Int) -> Bool {
        let rest = buffer[index...].prefix(4)
        return Array("ver:".utf8).starts(with: rest)
    }

    private mutating func take(_ header: EventHeader, through end: Int) -> Event {
        if unit == nil && !isASCII(header.length) && missing == 0 {
            unit = end == header.length ? .bytes : .characters
        }
        // New arrays, so that the room for a large payload is given back.
        let isAll = end == buffer.count
        let payload = isAll ? buffer : Array(buffer[..<end])
        buffer = isAll ? [] : Array(buffer[end...])
        counted = (0, 0)
        self.header = nil
        return Event(header: header, payload: payload)
    }
}

extension UInt8 {
    /// Whether the byte continues a UTF-8 sequence (RFC 3629, section 3).
    fileprivate var isContinuation: Bool {
        self & 0xC0 == 0x80
    }

    /// How many bytes the UTF-8 sequence has that starts with this one (RFC 3629, section 3).
    fileprivate var sequenceLength: Int {
        switch self {
        case 0xF0...: 4
        case 0xE0...: 3
        case 0xC0...: 2
        default: 1
        }
    }
}
