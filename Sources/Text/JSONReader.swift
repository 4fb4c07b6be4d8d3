/// Validates JSON (RFC 8259) and extracts a single value, without keeping the rest in memory.
package struct JSONReader {
    private let bytes: [UInt8]
    private let depth: Int
    private var place = 0

    /// The default nesting limit for objects and arrays (RFC 8259, section 9).
    package static let defaultDepth = 512

    /// Checks that a text is exactly one JSON value.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - depth: The nesting limit for objects and arrays.
    /// - Throws: `JSONError` with the position of the first error.
    package static func check(
        _ bytes: [UInt8], depth: Int = defaultDepth
    ) throws(JSONError) {
        _ = try value(at: [], in: bytes, depth: depth)
    }

    /// Checks that a text is one object or array and nothing else.
    ///
    /// - Parameter bytes: The text in UTF-8.
    /// - Returns: Whether it is one.
    package static func isObjectOrArray(_ bytes: [UInt8]) -> Bool {
        var reader = JSONReader(bytes: bytes, depth: defaultDepth)
        reader.skipSpace()
        guard [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(reader.current) else { return false }
        return (try? check(bytes)) != nil
    }

    /// Reads the value at a path.
    ///
    /// The whole text is validated. If an object has several members with the same name, the last
    /// one counts.
    ///
    /// - Parameters:
    ///   - path: The steps from the outermost value; empty for the outermost value itself.
    ///   - bytes: The text in UTF-8.
    ///   - depth: The nesting limit for objects and arrays.
    /// - Returns: The value, or nil when the path does not exist.
    /// - Throws: `JSONError` with the position of the first error.
    package static func value(
        at path: [JSONStep], in bytes: [UInt8], depth: Int = defaultDepth
    ) throws(JSONError) -> JSONScalar? {
        var reader = JSONReader(bytes: bytes, depth: depth)
        let value = try reader.readValue(path[...], level: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else {
            throw reader.error("there is text after the value")
        }
        return value
    }

    private init(bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    // MARK: Structure (sections 3 to 5)

    /// Reads a value.
    ///
    /// - Parameters:
    ///   - path: The remaining path to the requested value; nil outside that path.
    ///   - level: The current nesting depth.
    /// - Returns: The requested value, if this value contains it.
    /// - Throws: `JSONError` with the position of the first error.
    private mutating func readValue(
        _ path: ArraySlice<JSONStep>?, level: Int
    ) throws(JSONError) -> JSONScalar? {
        skipSpace()
        let isWanted = path?.isEmpty == true
        switch current {
        case UInt8(ascii: "{"):
            let found = try readObject(path, level: level + 1)
            return isWanted ? .object : found
        case UInt8(ascii: "["):
            let found = try readArray(path, level: level + 1)
            return isWanted ? .array : found
        default:
            let value = try readScalar()
            return isWanted ? value : nil
        }
    }

    private mutating func readObject(
        _ path: ArraySlice<JSONStep>?, level: Int
    ) throws(JSONError) -> JSONScalar? {
        try open(level)
        var found: JSONScalar?
        guard !take("}") else { return nil }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("a name in quotes is missing") }
            let isStep = path?.first == .key(try readString())
            guard take(":") else { throw error("a colon is missing") }
            let value = try readValue(isStep ? path?.dropFirst() : nil, level: level)
            if isStep { found = value }
        } while take(",")
        guard take("}") else { throw error("a comma or '}' is missing") }
        return found
    }

    private mutating func readArray(
        _ path: ArraySlice<JSONStep>?, level: Int
    ) throws(JSONError) -> JSONScalar? {
        try open(level)
        var found: JSONScalar?
        var index = 0
        guard !take("]") else { return nil }
        repeat {
            let isStep = path?.first == .index(index)
            let value = try readValue(isStep ? path?.dropFirst() : nil, level: level)
            if isStep { found = value }
            index += 1
        } while take(",")
        guard take("]") else { throw error("a comma or ']' is missing") }
        return found
    }

    private mutating func open(_ level: Int) throws(JSONError) {
        guard level <= depth else { throw error("it is nested more than \(depth) deep") }
        place += 1
    }

    private mutating func readScalar() throws(JSONError) -> JSONScalar {
        switch current {
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return .number(try readNumber())
        }
    }

    private mutating func readWord(
        _ word: String, _ value: JSONScalar
    ) throws(JSONError) -> JSONScalar {
        guard bytes[place...].starts(with: word.utf8) else { throw error("a value is missing") }
        place += word.utf8.count
        return value
    }

    // MARK: Numbers (section 6)

    private mutating func readNumber() throws(JSONError) -> String {
        let start = place
        pass("-")
        let whole = readDigits()
        guard whole > 0 else { throw error("a value is missing") }
        guard whole == 1 || bytes[place - whole] != UInt8(ascii: "0") else {
            throw error("a number begins with 0")
        }
        if pass("."), readDigits() == 0 { throw error("a digit is missing") }
        if pass("e") || pass("E") {
            _ = pass("+") || pass("-")
            guard readDigits() > 0 else { throw error("a digit is missing") }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func readDigits() -> Int {
        let start = place
        while let byte = current, byte.isASCIIDigit {
            place += 1
        }
        return place - start
    }

    // MARK: Strings (section 7)

    private mutating func readString() throws(JSONError) -> String {
        place += 1
        var text: [UInt8] = []
        var start = place
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<place]
                place += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("a string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<place]
                place += 1
                text += String(try readEscape()).utf8
                start = place
            case 0..<0x20: throw error("a control character is not escaped")
            default: place += 1
            }
        }
        throw error("a closing quote is missing")
    }

    private mutating func readEscape() throws(JSONError) -> Character {
        guard let byte = current else { throw error("a closing quote is missing") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Character(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try readScalarEscape())
        default: throw error("an escape is unknown")
        }
    }

    /// Reads one UTF-16 unit or a surrogate pair; a lone surrogate becomes U+FFFD.
    private mutating func readScalarEscape() throws(JSONError) -> UnicodeScalar {
        let unit = try readHexadecimal()
        guard UTF16.isLeadSurrogate(unit), bytes[place...].starts(with: "\\u".utf8) else {
            return UnicodeScalar(unit) ?? "\u{FFFD}"
        }
        let behindFirst = place
        place += 2
        let second = try readHexadecimal()
        guard UTF16.isTrailSurrogate(second) else {
            place = behindFirst
            return "\u{FFFD}"
        }
        let high = UInt32(unit & 0x3FF) << 10
        return UnicodeScalar(0x1_0000 + high + UInt32(second & 0x3FF)) ?? "\u{FFFD}"
    }

    private mutating func readHexadecimal() throws(JSONError) -> UInt16 {
        let digits = bytes[place...].prefix(4)
        let isHexadecimal = digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        guard digits.count == 4, isHexadecimal,
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits are missing") }
        place += 4
        return unit
    }

    // MARK: Bytes

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Skips white space (section 2).
    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            place += 1
        }
    }

    /// Consumes a structural character and the white space before it, if it comes next.
    private mutating func take(_ sign: UnicodeScalar) -> Bool {
        skipSpace()
        return pass(sign)
    }

    /// Consumes a character if it comes next.
    @discardableResult
    private mutating func pass(_ sign: UnicodeScalar) -> Bool {
        guard current == UInt8(ascii: sign) else { return false }
        place += 1
        return true
    }

    private func error(_ reason: String) -> JSONError { JSONError(offset: place, reason: reason) }
}
