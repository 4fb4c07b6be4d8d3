internal import Text

/// Parses the head of a response line by line: the status line and the header fields.
///
/// Interim responses before the final one are discarded. The response's status comes from libcurl
/// (`CURLINFO_RESPONSE_CODE`); the status parsed here only identifies interim responses.
struct HTTPHead {
    /// The status code of the last status line; 0 if it has none.
    private(set) var status = 0

    /// The reason phrase of the last status line.
    private(set) var reason = ""

    /// The fields after the last status line, then those of the trailer.
    private(set) var fields: [HTTPField] = []

    private var expectsStatusLine = true

    /// Parses one line, with or without its line break.
    ///
    /// A 1xx response has its own head (RFC 9110, section 15.2), so each status line starts a new
    /// head. A status line is only valid at the start of a head: not among the fields, and not in
    /// the trailer after the body.
    mutating func read(line bytes: [UInt8]) {
        let line = Self.trimmed(bytes[...])
        if expectsStatusLine, line.starts(with: "HTTP/".utf8) {
            self = HTTPHead()
            readStatusLine(line)
            expectsStatusLine = false
        } else if line.isEmpty {
            expectsStatusLine = (100..<200).contains(status)
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            fields.append(
                HTTPField(
                    String(decoding: line[..<colon], as: UTF8.self),
                    String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)))
        }
    }

    /// Parses `HTTP/1.1 200 OK` as leniently as libcurl: any number of spaces before the status,
    /// and none required after it.
    private mutating func readStatusLine(_ line: ArraySlice<UInt8>) {
        let rest = Self.trimmed(line.drop { !Self.isSpace($0) })
        let digits = rest.prefix(3).prefix(while: \.isASCIIDigit)
        status = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        reason = String(decoding: Self.trimmed(rest.dropFirst(digits.count)), as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = bytes.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }
}
