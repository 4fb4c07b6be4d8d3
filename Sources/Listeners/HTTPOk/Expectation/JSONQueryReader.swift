internal import Text

/// Parses a condition on JSON: a path of `.name`, `."any name"` and `[0]`, a relation, and a value.
struct JSONQueryReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The text read so far, without spaces at its end.
    var textSoFar: String {
        var read = bytes[..<place]
        while read.last == UInt8(ascii: " ") { read.removeLast() }
        return String(decoding: read, as: UTF8.self)
    }

    /// Parses the path; `.` alone is the whole response.
    mutating func readPath() throws(JSONQueryError) -> [JSONStep] {
        skipSpaces()
        guard current == UInt8(ascii: ".") || current == UInt8(ascii: "[") else {
            throw error("a path such as .status is missing")
        }
        var steps: [JSONStep] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "."):
                place += 1
                if let name = try readName() {
                    steps.append(.key(name))
                } else if current == UInt8(ascii: ".")
                    || current != UInt8(ascii: "[") && !steps.isEmpty
                {
                    throw error("a name is missing")
                }
            case UInt8(ascii: "["): steps.append(try readStep())
            default:
                skipSpaces()
                return steps
            }
        }
        return steps
    }

    /// Parses `==`, `!=`, `<` or `>`.
    mutating func readRelation() throws(JSONQueryError) -> JSONQuery.Relation {
        let relation = JSONQuery.Relation.allCases.first {
            bytes[place...].starts(with: $0.rawValue.utf8)
        }
        guard let relation else { throw error("==, !=, < or > is missing") }
        place += relation.rawValue.utf8.count
        // `<=` and `>=` are not supported.
        guard current != UInt8(ascii: "=") else { throw error("a value is missing") }
        skipSpaces()
        return relation
    }

    /// Parses the value: a text in quotes, or a word; only a number can be compared by size.
    mutating func readOperand(
        _ relation: JSONQuery.Relation
    ) throws(JSONQueryError) -> JSONQuery.Operand {
        let isNumeric = [.less, .greater].contains(relation)
        if isNumeric && current == UInt8(ascii: "\"") { throw error("a number is missing") }
        if current == UInt8(ascii: "\"") {
            let text = try readQuoted()
            skipSpaces()
            guard current == nil else { throw error("unexpected text after the value") }
            return .quoted(text)
        }
        let word = bytes[place...].prefix { $0 != UInt8(ascii: " ") }
        guard let first = word.first else { throw error("a value is missing") }
        guard !"[{".utf8.contains(first) else { throw error("a text or a number is missing") }
        let text = String(decoding: word, as: UTF8.self)
        guard !isNumeric || Double(text)?.isFinite == true else {
            throw error("a number is missing")
        }
        place += word.count
        skipSpaces()
        guard current == nil else {
            throw error("unexpected text", advice: "quote a value with spaces")
        }
        return .word(text)
    }

    // MARK: Parts

    /// Parses a name in a path; nil if there is none.
    private mutating func readName() throws(JSONQueryError) -> String? {
        if current == UInt8(ascii: "\"") { return try readQuoted() }
        let name = bytes[place...].prefix { !".[]=!<> \"".utf8.contains($0) }
        place += name.count
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Parses `[0]` or `["any name"]`.
    private mutating func readStep() throws(JSONQueryError) -> JSONStep {
        place += 1
        let step: JSONStep
        if current == UInt8(ascii: "\"") {
            step = .key(try readQuoted())
        } else {
            let digits = bytes[place...].prefix {
                $0.isASCIIDigit
            }
            guard let index = Int(String(decoding: digits, as: UTF8.self)) else {
                throw error("an index such as [0] is missing")
            }
            place += digits.count
            step = .index(index)
        }
        guard current == UInt8(ascii: "]") else { throw error("']' is missing") }
        place += 1
        return step
    }

    /// Parses a text in quotes; a backslash makes the next character plain.
    private mutating func readQuoted() throws(JSONQueryError) -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            place += 1
            if byte == UInt8(ascii: "\\"), let plain = current {
                text.append(plain)
                place += 1
            } else {
                text.append(byte)
            }
        }
        guard current != nil else { throw error("the closing quote is missing") }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpaces() {
        while current == UInt8(ascii: " ") { place += 1 }
    }

    private func error(_ problem: String, advice: String? = nil) -> JSONQueryError {
        let before = String(decoding: bytes[..<place], as: UTF8.self)
        return JSONQueryError(problem: problem, offset: before.count, advice: advice)
    }
}
