internal import Text

/// The status line and the relevant fields of a response (RFC 9112, sections 4 to 6).
struct ResponseHead: Equatable {
    /// The status; 0 before the status line.
    private(set) var status = 0

    /// The reason phrase, without control characters.
    private(set) var reason = ""

    /// Whether the body is sent in chunks.
    private(set) var isChunked = false

    private var length: Int?
    private static let protocolName = Array("HTTP/1.".utf8)

    /// The maximum length of the reason phrase.
    private static let reasonLimit = 100

    /// Creates an empty head.
    init() {}

    /// Whether bytes can be the beginning of a status line.
    static func mayBegin(_ bytes: [UInt8]) -> Bool {
        protocolName.starts(with: bytes.prefix(protocolName.count))
    }

    /// Parses a status line.
    ///
    /// - Parameter line: The line without its end.
    /// - Throws: `.malformed` when it is invalid.
    init(statusLine line: [UInt8]) throws(ExchangeError) {
        let parts = line.split(
            separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard Self.mayBegin(line), parts.count >= 2, parts[0].count == Self.protocolName.count + 1,
            parts[1].count == 3, parts[1].allSatisfy(Self.isDigit),
            let status = Int(String(decoding: parts[1], as: UTF8.self)), status >= 100
        else { throw .malformed("it does not begin with HTTP/1") }
        self.status = status
        guard parts.count == 3 else { return }
        let text = String(decoding: parts[2].filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
        reason = String(text.withVisibleControls.prefix(scalars: Self.reasonLimit))
    }

    /// Parses a field.
    ///
    /// - Parameter line: The line without its end.
    /// - Throws: `.malformed` when the field concerns the body and is invalid.
    mutating func read(field line: [UInt8]) throws(ExchangeError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = Self.trimmed(line[(colon + 1)...])
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "content-length": try note(length: value)
        case "transfer-encoding":
            guard value.lowercased() == "chunked" else {
                throw .malformed("it has an unsupported encoding")
            }
            isChunked = true
        default: return
        }
    }

    /// The length of the body, if it is known from the start.
    ///
    /// RFC 9112, section 6.3: chunks take precedence over a length.
    var bodyLength: Int? { isChunked ? nil : length }

    private mutating func note(length text: String) throws(ExchangeError) {
        guard !text.isEmpty, text.utf8.allSatisfy(Self.isDigit), let number = Int(text),
            length == nil || length == number
        else { throw .malformed("its length is not a number") }
        length = number
    }

    /// A value without surrounding white space (RFC 9110, section 5.5).
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 9 || $0 == 32 }
        let start = bytes.drop(while: isBlank)
        let end = start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex
        return String(decoding: start[..<end], as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
