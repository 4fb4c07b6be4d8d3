// Whether a text is JSON.

/// Whether a text is JSON (RFC 8259).
///
/// Values are not kept: whoever takes the text reads it anew.
struct JSONSyntax {
    private var rest: ArraySlice<UInt8>
    /// What closes the objects and arrays that are open.
    private var closers: [UInt8] = []

    /// How deep objects and arrays may be nested (RFC 8259, section 9).
    static let depth = 512

    /// Checks a text for an object or an array, with nothing but white space around it.
    ///
    /// - Parameter text: The text, as UTF-8; whether it is UTF-8 is not checked.
    /// - Returns: Whether it is one.
    static func isObjectOrArray(_ text: [UInt8]) -> Bool {
        var reader = JSONSyntax(rest: text[...])
        reader.skipSpace()
        guard reader.rest.first == UInt8(ascii: "{") || reader.rest.first == UInt8(ascii: "[")
        else { return false }
        guard reader.readValues() else { return false }
        reader.skipSpace()
        return reader.rest.isEmpty
    }

    private init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    // MARK: Structure (sections 4 and 5)

    /// Reads a value with all that is in it, without recursion, for the text may be hostile.
    private mutating func readValues() -> Bool {
        repeat {
            skipSpace()
            guard let isOpened = readBeginning() else { return false }
            // An empty object or array ends where it begins, a full one goes on with a value.
            if isOpened && !closes() {
                guard readName() else { return false }
                continue
            }
            guard readEnds() else { return false }
        } while !closers.isEmpty
        return true
    }

    /// Reads a value, or the beginning of an object or array.
    ///
    /// - Returns: Whether an object or array was begun; nothing if there is no value.
    private mutating func readBeginning() -> Bool? {
        switch rest.first {
        case UInt8(ascii: "{"): open(UInt8(ascii: "}")) ? true : nil
        case UInt8(ascii: "["): open(UInt8(ascii: "]")) ? true : nil
        case UInt8(ascii: "\""): readString() ? false : nil
        case UInt8(ascii: "t"): take("true") ? false : nil
        case UInt8(ascii: "f"): take("false") ? false : nil
        case UInt8(ascii: "n"): take("null") ? false : nil
        default: readNumber() ? false : nil
        }
    }

    private mutating func open(_ closer: UInt8) -> Bool {
        rest = rest.dropFirst()
        closers.append(closer)
        return closers.count <= Self.depth
    }

    /// Whether the innermost object or array ends here.
    private mutating func closes() -> Bool {
        skipSpace()
        return rest.first == closers.last
    }

    /// Reads the ends of objects and arrays, and what is before the next value.
    private mutating func readEnds() -> Bool {
        while closes(), closers.popLast() != nil { rest = rest.dropFirst() }
        guard !closers.isEmpty else { return true }
        return take(",") && readName()
    }

    /// Reads the name of a member, if one is to come.
    private mutating func readName() -> Bool {
        guard closers.last == UInt8(ascii: "}") else { return true }
        skipSpace()
        guard rest.first == UInt8(ascii: "\""), readString() else { return false }
        skipSpace()
        return take(":")
    }

    // MARK: Strings (section 7)

    private mutating func readString() -> Bool {
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard readEscape() else { return false }
            case 0..<0x20: return false
            default: continue
            }
        }
        return false
    }

    private mutating func readEscape() -> Bool {
        guard let byte = rest.popFirst() else { return false }
        guard byte == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(byte) }
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        return digits.count == 4 && digits.allSatisfy(Self.isHexadecimal)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    // MARK: Numbers (section 6)

    private mutating func readNumber() -> Bool {
        _ = take("-")
        let digits = readDigits()
        guard digits.count == 1 || !digits.isEmpty && digits.first != UInt8(ascii: "0") else {
            return false
        }
        if take(".") && readDigits().isEmpty { return false }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            return !readDigits().isEmpty
        }
        return true
    }

    private mutating func readDigits() -> ArraySlice<UInt8> {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    // MARK: Words

    private mutating func take(_ word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    /// Passes over white space (section 2).
    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }
}
