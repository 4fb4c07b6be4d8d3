// Cuts what comes from supervisord into events.

/// Cuts what comes from supervisord into events.
///
/// `len` may count characters or bytes (``LengthUnit``), which differ only where the payload is not
/// ASCII. Then the end of the payload is found by what follows it: nothing, since only one event is
/// ever in flight, or the next header. Where exactly `len` bytes have come and fewer characters,
/// only time tells: ``isUndecided`` says so, and ``settle()`` takes the silence for an end. What
/// has once been found out holds for the rest of the conversation. Nothing of it depends on how a
/// pipe cuts what comes into pieces.
struct FrameReader {
    private var buffer: [UInt8] = []
    private var header: EventHeader?
    private var unit: LengthUnit?
    /// Characters that were missing when silence was taken for the end of a payload; nothing once
    /// it is known whether they come.
    private var missing: Int?
    /// Where the payload ends if nothing follows; nothing if that is no question.
    private var silentEnd: Int?
    /// How far the payload has been counted, so that a long one is counted once.
    private var counted = (characters: 0, bytes: 0)

    /// A header line longer than this is none.
    private static let longestHeader = 65_536

    /// Adds what was read.
    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next event, if it is there as a whole.
    mutating func next() throws(ProtocolError) -> Event? {
        silentEnd = nil
        if header == nil { header = try takeHeader() }
        guard let header, let end = payloadEnd(header.length) else { return nil }
        if unit == nil && !isASCII(header.length) {
            unit = end == header.length ? .bytes : .characters
        }
        return take(header, through: end)
    }

    /// Whether a payload is complete if nothing follows, and may not be if something does.
    var isUndecided: Bool { silentEnd != nil }

    /// Takes the event that is undecided, since nothing has followed.
    mutating func settle() -> Event? {
        guard let header, let end = silentEnd else { return nil }
        if end == header.length {
            missing = header.length - buffer.lazy.filter { !$0.isContinuation }.count
        } else {
            unit = .characters
        }
        return take(header, through: end)
    }

    /// Forgets everything that has been read.
    mutating func reset() {
        buffer = []
        counted = (0, 0)
        header = nil
        missing = nil
        silentEnd = nil
    }

    // MARK: The header

    private mutating func takeHeader() throws(ProtocolError) -> EventHeader? {
        learnFromSilence()
        // Blank lines before a header are nobody's; a person typing makes them.
        buffer.removeFirst(buffer.prefix { $0 == UInt8(ascii: "\n") }.count)
        let end = buffer.firstIndex(of: UInt8(ascii: "\n"))
        guard end ?? buffer.count <= Self.longestHeader else {
            throw ProtocolError(
                "no line end in \(Self.longestHeader) bytes of a header",
                came: String(decoding: buffer.prefix(200), as: UTF8.self))
        }
        guard let end else { return nil }
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
        guard var missing, let first = buffer.first else { return }
        if unit == nil {
            switch headerStart(at: 0) {
            case .whole: unit = .bytes
            case .partial: return
            case .none: unit = missing > 0 || first.isContinuation ? .characters : nil
            }
        }
        guard unit == .characters else {
            self.missing = nil
            return
        }
        // The last of them is over when another character begins.
        let rest = buffer.firstIndex { byte in
            if byte.isContinuation { return false }
            missing -= 1
            return missing < 0
        }
        self.missing = rest == nil ? missing : nil
        buffer.removeFirst(rest ?? buffer.count)
    }

    // MARK: The payload

    /// Where the payload ends, if that can be said.
    private mutating func payloadEnd(_ length: Int) -> Int? {
        guard buffer.count >= length else { return nil }
        if unit == .bytes || isASCII(length) { return length }
        let characters = endOfCharacters(length)
        if unit == .characters || characters == length { return characters }
        // What is more than `len` bytes is either the next header or the rest of the characters.
        switch headerStart(at: length) {
        case .whole: return length
        case .none: return characters
        case .partial:
            let isWhole = [length, characters].contains(buffer.count)
            silentEnd = isWhole ? buffer.count : nil
            return nil
        }
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

    /// How much of a header's first four bytes stands somewhere.
    private enum HeaderStart {
        case whole, none
        /// As much as has come could be its beginning.
        case partial
    }

    private func headerStart(at index: Int) -> HeaderStart {
        let rest = buffer[index...].prefix(4)
        guard Array("ver:".utf8).starts(with: rest) else { return .none }
        return rest.count == 4 ? .whole : .partial
    }

    private mutating func take(_ header: EventHeader, through end: Int) -> Event {
        // New arrays, so that the room for a large payload is given back.
        let isAll = end == buffer.count
        let payload = isAll ? buffer : Array(buffer[..<end])
        buffer = isAll ? [] : Array(buffer[end...])
        counted = (0, 0)
        silentEnd = nil
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
