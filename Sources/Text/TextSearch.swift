// Searches text in text, byte by byte.
//
// The standard library's search links its regular expression parser, which would add half a
// megabyte to each process.

extension StringProtocol {
    /// The first occurrence of the text; nil if there is none or the text is empty.
    package func firstRange(ofText text: some StringProtocol) -> Range<String.Index>? {
        guard let first = text.utf8.first else { return nil }
        var start = utf8.startIndex
        while let found = utf8[start...].firstIndex(of: first) {
            if utf8[found...].starts(with: text.utf8) {
                return found..<utf8.index(found, offsetBy: text.utf8.count)
            }
            start = utf8.index(after: found)
        }
        return nil
    }

    /// Whether the text contains another text.
    package func containsText(_ text: some StringProtocol) -> Bool {
        firstRange(ofText: text) != nil
    }
}
