// The head of an HTTP answer: status line and header fields.

/// Collects the head of an answer line by line, and forgets interim answers before it.
///
/// The status is libcurl's (`CURLINFO_RESPONSE_CODE`); the one here only tells an interim answer
/// from the last one.
struct HTTPHead {
    /// The status code of the last status line, as far as there are digits where it belongs.
    private(set) var status = 0

    /// The reason phrase of the last status line.
    private(set) var reason = ""

    /// The fields after the last status line, then those of the trailer.
    private(set) var fields: [HTTPField] = []

    private var expectsStatusLine = true

    /// Takes one line, with or without its line break.
    ///
    /// A 1xx answer has a head of its own (RFC 9110, section 15.2), so each status line starts the
    /// head anew. One is looked for only where it can stand: not among the fields, and not in the
    /// trailer behind the body.
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

    /// Takes `HTTP/1.1 200 OK` apart as leniently as libcurl: any number of spaces before the
    /// status, and none behind it, will do.
    private mutating func readStatusLine(_ line: ArraySlice<UInt8>) {
        let rest = Self.trimmed(line.drop { !Self.isSpace($0) })
        let digits = rest.prefix(3).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
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
