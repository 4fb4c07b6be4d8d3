// Texts that fit.

extension String {
    /// Longer characters than those of any language, in bytes: they are cut.
    private static let longestCharacter = 64

    /// The text, cut at the end of a character where it is too long.
    ///
    /// - Parameter limit: The most bytes of UTF-8, at least 3; so no limit in characters of any
    ///   kind is passed either.
    /// - Returns: The text, ending with `…` if it was cut.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let last = utf8.index(startIndex, offsetBy: max(0, limit - 3))
        let scalar = unicodeScalars.index(before: unicodeScalars.index(after: last))
        let character = index(before: index(after: scalar))
        // A character may be as long as the text: then it is cut, rather than nothing left.
        let isShort = utf8.distance(from: character, to: scalar) <= Self.longestCharacter
        return "\(self[..<(isShort ? character : scalar)])…"
    }
}
