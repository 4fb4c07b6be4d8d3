// Truncates texts.

extension String {
    /// The longest character that is kept whole, in bytes; longer than any in real languages.
    private static let longestCharacter = 64

    /// Truncates the text at a character boundary.
    ///
    /// - Parameter limit: The maximum size in bytes of UTF-8, at least 3. The number of scalars and
    ///   characters cannot exceed it either.
    /// - Returns: The text, ending with `…` if it was truncated.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let last = utf8.index(startIndex, offsetBy: max(0, limit - 3))
        let scalar = unicodeScalars.index(before: unicodeScalars.index(after: last))
        let character = index(before: index(after: scalar))
        // A single character can exceed the limit: then it is cut, so that some text remains.
        let isShort = utf8.distance(from: character, to: scalar) <= Self.longestCharacter
        return "\(self[..<(isShort ? character : scalar)])…"
    }
}
