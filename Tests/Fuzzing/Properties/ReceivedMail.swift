// A mail as its recipient's program reads it.

/// A mail as its recipient's program reads it, by the letter of RFC 5322 and RFC 2045: what they do
/// not allow is a violation.
struct ReceivedMail {
    /// The fields, unfolded.
    let fields: [(name: String, value: String)]
    private let content: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) throws(Violation) {
        var fields: [(name: String, value: String)] = []
        var rest = bytes[...]
        while let first = rest.first, first != UInt8(ascii: "\n") {
            let bytes = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(bytes.count + 1)
            let line = String(decoding: bytes, as: UTF8.self)
            try EncodedWords.requireRoom(in: line)
            if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                try require(bytes.contains { $0 > 32 }, "a folded line of blanks")
                try require(!fields.isEmpty, "a mail that begins with a blank")
                fields[fields.count - 1].value += line
                continue
            }
            let name = bytes.prefix { $0 != UInt8(ascii: ":") }
            try require(name.count < bytes.count, "a field without a colon: '\(line)'")
            let value = bytes.dropFirst(name.count + 1)
            let isSpaced = value.first == UInt8(ascii: " ")
            fields.append(
                (
                    String(decoding: name, as: UTF8.self),
                    String(decoding: isSpaced ? value.dropFirst() : value, as: UTF8.self)
                ))
        }
        try require(!rest.isEmpty, "no empty line behind the fields")
        content = rest.dropFirst()
        self.fields = fields
    }

    /// The value of the first field of a name; empty if there is none.
    subscript(name: String) -> String {
        fields.first { $0.name == name }?.value ?? ""
    }

    // MARK: The text

    /// The text, with LF as line ends.
    func text() throws(Violation) -> [UInt8] {
        switch self["Content-Transfer-Encoding"] {
        case "7bit": return Array(content)
        case "quoted-printable": return try quotedPrintable()
        case "base64": return try base64()
        default: throw Violation(description: "an encoding that nobody knows")
        }
    }

    /// RFC 2045, section 6.7.
    private func quotedPrintable() throws(Violation) -> [UInt8] {
        var text: [UInt8] = []
        for line in content.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            try require(line.count <= 76, "a quoted-printable line of \(line.count) octets")
            try require(line.last != 32 && line.last != 9, "a quoted-printable line ends blank")
            var rest = line
            var isSoft = false
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "=") else {
                    text.append(byte)
                    continue
                }
                isSoft = rest.isEmpty
                if !isSoft { text.append(try EncodedWords.octet(rest.prefix(2))) }
                rest = rest.dropFirst(2)
            }
            if !isSoft { text.append(UInt8(ascii: "\n")) }
        }
        return text
    }

    /// RFC 2045, section 6.8; the text's line ends are CR LF.
    private func base64() throws(Violation) -> [UInt8] {
        let lines = content.split(separator: UInt8(ascii: "\n"))
        try require(lines.allSatisfy { $0.count <= 76 }, "a line of base64 is too long")
        var text: [UInt8] = []
        for byte in try EncodedWords.base64(lines.flatMap { $0 }) {
            if byte == UInt8(ascii: "\n") {
                try require(text.popLast() == UInt8(ascii: "\r"), "LF without CR in base64")
            }
            text.append(byte)
        }
        return text
    }

    // MARK: Addresses

    /// The elements of a list, cut at each comma outside quotes (RFC 5322, section 3.4).
    static func elements(of list: String) -> [String] {
        var elements: [String.UnicodeScalarView] = [.init()]
        var (isQuoted, isEscaped) = (false, false)
        for scalar in list.unicodeScalars {
            if scalar == ",", !isQuoted {
                elements.append(.init())
                continue
            }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = scalar == "\\" && isQuoted && !isEscaped
            if scalar != " " || !elements[elements.count - 1].isEmpty {
                elements[elements.count - 1].append(scalar)
            }
        }
        return elements.map { String($0) }
    }

    /// What a quoted string stands for (RFC 5322, section 3.2.4).
    static func unquoted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars.dropFirst().dropLast() {
            isEscaped = scalar == "\\" && !isEscaped
            if !isEscaped { result.append(scalar) }
        }
        return String(result)
    }
}
