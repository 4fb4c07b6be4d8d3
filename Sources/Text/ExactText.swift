// Texts by their bytes.
//
// Swift takes texts for equal that only look the same (Unicode's canonical equivalence), and reads
// a letter and the accent behind it as one character. Names, delimiters and digits are bytes.

extension StringProtocol {
    /// Whether both texts are the same bytes.
    package func isExactly(_ other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    /// Whether the text begins with the bytes of another one.
    package func beginsExactly(with other: some StringProtocol) -> Bool {
        utf8.starts(with: other.utf8)
    }

    /// Whether the text ends with the bytes of another one.
    package func endsExactly(with other: some StringProtocol) -> Bool {
        utf8.reversed().starts(with: other.utf8.reversed())
    }

    /// The text's first Unicode scalars.
    ///
    /// A character has any number of them, so that a limit in characters is none.
    package func prefix(scalars count: Int) -> SubSequence {
        self[
            ..<(unicodeScalars.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex)]
    }

    /// The text's last Unicode scalars.
    package func suffix(scalars count: Int) -> SubSequence {
        self[
            (unicodeScalars.index(endIndex, offsetBy: -count, limitedBy: startIndex) ?? startIndex)...
        ]
    }
}

extension Hasher {
    /// Adds the bytes of a text, for a type whose values are equal only if those are.
    package mutating func combine(exactly text: String) {
        var text = text
        text.withUTF8 { unsafe combine(bytes: UnsafeRawBufferPointer($0)) }
        // Else `ab` and `c` were `a` and `bc`.
        combine(0xFF as UInt8)
    }
}

/// A text that equals only the same bytes, such as a name by which something is looked up.
package struct ExactText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text.
    package let text: String

    /// Takes over a text.
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
