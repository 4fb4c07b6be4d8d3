// What somebody requires to tell, before it is a mail.

/// What somebody requires to tell, as its author writes it: fields, an empty line, and the text.
///
/// `From`, `To` and `Subject` are what they are called; `User` and `Host` make a sender where there
/// is no `From`. A line that begins with `|` goes on with the field before it after a line end, as
/// somebody does who would like to write a field of his own into a mail.
struct Letter {
    let sender: String?
    let user: String
    let host: String
    let recipients: String?
    let subject: String?
    /// All other fields.
    let others: [(name: String, value: String)]
    let body: String

    init(_ input: [UInt8]) {
        let lines = String(decoding: input, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
        var fields: [(name: String, value: String)] = []
        let head = lines.prefix { !$0.isEmpty }
        for line in head {
            if line.first == "|", let last = fields.indices.last {
                fields[last].value += "\n\(Substring(line.dropFirst()))"
            } else {
                let name = line.prefix { $0 != ":" }
                let value = line.dropFirst(name.count + 1)
                let text = value.first == " " ? value.dropFirst() : value
                fields.append((String(Substring(name)), String(Substring(text))))
            }
        }
        func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        sender = first("From")
        user = first("User") ?? "supervisor"
        host = first("Host") ?? "web1"
        recipients = first("To")
        subject = first("Subject")
        let known = ["From", "User", "Host", "To", "Subject"]
        others = fields.filter { !known.contains($0.name) }
        body = lines.dropFirst(head.count + 1).map { String(Substring($0)) }.joined(separator: "\n")
    }

    /// The text as lines that end with LF, the last one too.
    var plainBody: [UInt8] {
        var lines: [UInt8] = []
        for byte in body.utf8 {
            if byte == UInt8(ascii: "\n"), lines.last == UInt8(ascii: "\r") { lines.removeLast() }
            lines.append(byte)
        }
        return lines.isEmpty || lines.last == UInt8(ascii: "\n") ? lines : lines + [10]
    }

    /// A text as one line: a blank for each line end and for each control character, none for those
    /// at the ends.
    static func plainLine(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        var scalars = Array(text.unicodeScalars)
        while scalars.first.map(isControl) == true { scalars.removeFirst() }
        while scalars.last.map(isControl) == true { scalars.removeLast() }
        var line = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\n", index > 0, scalars[index - 1] == "\r" { continue }
            line.append(isControl(scalar) ? " " : scalar)
        }
        return String(line)
    }

    /// A field's name as a mail can have it.
    static func plainName(_ name: String) -> String {
        let bytes = name.utf8.prefix(64).map { (0x21...0x7E).contains($0) ? $0 : 0x2D }
        return bytes.isEmpty ? "X-Header" : String(decoding: bytes, as: UTF8.self)
    }
}
