// Compares texts byte by byte.
//
// Swift considers canonically equivalent texts equal, and reads a letter and a following combining
// accent as one character. Names, delimiters and digits must be compared as bytes.

internal import Glibc

extension StringProtocol {
    /// Whether both texts have the same bytes.
    package func isExactly(_ other: some StringProtocol) -> Bool {
        // Names are compared for each process on each tick: byte by byte would be slow.
        let isSame = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { theirs -> Bool in
                guard mine.count == theirs.count, let left = mine.baseAddress,
                    let right = theirs.baseAddress
                else { return mine.count == theirs.count }
                return unsafe memcmp(left, right, mine.count) == 0
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Whether both texts are the same bytes except for the case of ASCII letters.
    ///
    /// Names of header fields are compared in this way (RFC 9110, section 5.1).
    package func isExactly(ignoringCase other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// Whether the text begins with the bytes of another text.
    package func beginsExactly(with other: some StringProtocol) -> Bool {
        utf8.starts(with: other.utf8)
    }

    /// Whether the text ends with the bytes of another text.
    package func endsExactly(with other: some StringProtocol) -> Bool {
        utf8.reversed().starts(with: other.utf8.reversed())
    }

    /// The first Unicode scalars of the text.
    ///
    /// A character can consist of any number of scalars, so a limit in characters would not limit
    /// the size.
    package func prefix(scalars count: Int) -> SubSequence {
        self[
            ..<(unicodeScalars.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex)]
    }

    /// The last Unicode scalars of the text.
    package func suffix(scalars count: Int) -> SubSequence {
        self[
            (unicodeScalars.index(endIndex, offsetBy: -count, limitedBy: startIndex) ?? startIndex)...
        ]
    }
}

extension UInt8 {
    /// The byte, in lower case if it is an ASCII letter.
    package var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// Whether the byte is an ASCII letter.
    package var isASCIILetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// Whether the byte is an ASCII digit.
    package var isASCIIDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}

extension Hasher {
    /// Hashes the bytes of a text, for types that compare texts byte by byte.
    package mutating func combine(exactly text: String) {
        var text = text
        text.withUTF8 { unsafe combine(bytes: UnsafeRawBufferPointer($0)) }
        // Separates the texts: otherwise `ab` and `c` would hash like `a` and `bc`.
        combine(0xFF as UInt8)
    }
}

/// A text that is compared byte by byte, such as a name used as a key.
package struct ExactText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text.
    package let text: String

    /// Wraps a text.
    package init(_ text: String) {
        self.text = text
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(exactly: text)
    }
}
