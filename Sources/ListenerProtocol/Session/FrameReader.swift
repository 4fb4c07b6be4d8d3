// Cuts what comes from supervisord into events.

/// Cuts what comes from supervisord into events.
///
/// Only one event is ever in flight: whatever comes before our READY belongs to it, even if it looks
/// like a header, since payloads are written by strangers. `len` may count characters or bytes
/// (``LengthUnit``), which differ only where the payload is not ASCII. More than `len` bytes mean
/// that characters are counted. Where exactly `len` bytes have come and fewer characters, only time
/// tells: ``isUndecided`` says so, and ``settle()`` takes a silence of ``patience`` for an end. What
/// has once been found out holds for the rest of the conversation. Nothing of it depends on how a
/// pipe cuts what comes into pieces.
struct FrameReader {
    private var buffer: [UInt8] = []
    private var header: EventHeader?
    /// How many bytes the header's line had, its end included.
    private var headerSize = 0
    private var unit: LengthUnit?
    /// Characters that were missing when silence was taken for the end of a payload; nothing once
    /// it is known whether they come.
    private var missing: Int?
    /// How far the payload has been counted, so that a long one is counted once.
    private var counted = (characters: 0, bytes: 0)

    /// Whether a payload is complete if nothing follows, and is not if something does.
    private(set) var isUndecided = false

    /// A header line longer than this is none.
    private static let longestHeader = 65_536

    /// Adds what was read.
    mutating func append(_ bytes: [UInt8]) {
        buffer.append(contentsOf: bytes)
    }

    /// Takes the next event, if it is there as a whole.
    mutating func next() throws(ProtocolError) -> Event? {
        isUndecided = false
        if header == nil { header = try takeHeader() }
        guard let header, let end = payloadEnd(header.length) else { return nil }
        return take(header, through: end)
    }

    /// How long nothing must come for an undecided payload to be taken as complete.
    ///
    /// A host writes a frame at once, into a pipe that is empty. If the pipe cannot hold all of it,
    /// it is full at the end of one of its pages: only there may more be on its way, for as long as
    /// the host is busy with something else (`pipe(7)`).
    var patience: Duration {
        (headerSize + buffer.count).isMultiple(of: Self.pageSize)
            ? .seconds(10) : .milliseconds(200)
    }

    /// The size of a pipe's page; larger ones are multiples of it.
    private static let pageSize = 4_096

    /// Takes the event that is undecided, since nothing has followed.
    mutating func settle() -> Event? {
        guard let header, isUndecided else { return nil }
        missing = header.length - buffer.lazy.filter { !$0.isContinuation }.count
        return take(header, through: buffer.count)
    }

    /// Forgets everything that has been read.
    mutating func reset() {
        buffer = []
        counted = (0, 0)
        header = nil
        missing = nil
        isUndecided = false
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
        headerSize = end + 1
        buffer.removeFirst(headerSize)
        return try EventHeader(line)
    }

    /// How each header begins (Supervisor manual, "Header Tokens").
    private static let headerStart = Array("ver:".utf8)

    /// Compares what follows a silence with what was made of it.
    ///
    /// A header says that the payload had been complete, so `len` counts bytes. Anything else is
    /// the rest of that payload, which has been answered already: it is dropped, and `len` counts
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
        let end = endOfCharacters(length)
        // Lone bytes that are no UTF-8 count the same in both units.
        if end == length { return end }
        // A host that counts bytes has no more of them before our READY.
        if unit == nil && buffer.count > length { unit = .characters }
        isUndecided = unit == nil
        return isUndecided ? nil : end
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

    private mutating func take(_ header: EventHeader, through end: Int) -> Event {
        // New arrays, so that the room for a large payload is given back.
        let isAll = end == buffer.count
        let payload = isAll ? buffer : Array(buffer[..<end])
        buffer = isAll ? [] : Array(buffer[end...])
        counted = (0, 0)
        isUndecided = false
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
