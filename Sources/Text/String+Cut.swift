// Texts that fit.

extension String {
    /// The text, cut at the end of a character where it is too long.
    ///
    /// - Parameter limit: The most bytes of UTF-8, at least 3; so no limit in characters of any
    ///   kind is passed either.
    /// - Returns: The text, ending with `…` if it was cut.
    package func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var left = limit - 3
        let end = firstIndex { character in
            left -= character.utf8.count
            return left < 0
        }
        return "\(self[..<(end ?? endIndex)])…"
    }
}
