// The head of an HTTP answer: status line and header fields.

/// Collects the head of an answer line by line, and forgets interim answers before it.
struct HTTPHead {
    /// The status code of the last status line.
    private(set) var status = 0

    /// The reason phrase of the last status line.
    private(set) var reason = ""

    /// The fields after the last status line.
    private(set) var fields: [HTTPField] = []

    private var expectsStatusLine = true

    /// Takes one line, with or without its line break.
    ///
    /// A 1xx answer has a head of its own (RFC 9110, section 15.2), so each status line starts the
    /// head anew; one is looked for only where it can stand, not among the fields.
    mutating func read(line text: String) {
        let line = text.trimmed
        if expectsStatusLine, line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            self = HTTPHead()
            status = words.count > 1 ? Int(words[1]) ?? 0 : 0
            reason = words.count > 2 ? String(words[2]).trimmed : ""
            expectsStatusLine = false
        } else if line.isEmpty {
            expectsStatusLine = true
        } else if let colon = line.firstIndex(of: ":") {
            fields.append(
                HTTPField(
                    String(line[..<colon]), String(line[line.index(after: colon)...]).trimmed))
        }
    }
}

extension String {
    /// Without white space at both ends; "\r\n" is one Character and counts as such.
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
