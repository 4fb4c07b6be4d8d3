// The end of a text.

extension String {
    /// The last whole lines of the text that fit into a size.
    ///
    /// - Parameter limit: The maximum size in bytes of UTF-8.
    /// - Returns: The lines; the end of the last line, if not even that fits.
    package func end(of limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var kept: [Substring] = []
        var left = limit
        for line in split(separator: "\n", omittingEmptySubsequences: false).reversed() {
            left -= line.utf8.count + 1
            guard left >= -1 else { break }
            kept.append(line)
        }
        guard kept.isEmpty else { return kept.reversed().joined(separator: "\n") }
        // Not within a scalar.
        let bytes = utf8.suffix(limit).drop { $0 & 0xC0 == 0x80 }
        return String(Substring(bytes))
    }
}
