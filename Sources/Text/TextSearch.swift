// Looks for text in text, byte by byte.
//
// The standard library's own search comes with the parser of regular expressions, half a megabyte of
// it, which each tool would hold.

extension StringProtocol {
    /// Where the text occurs first; nil if it does not, or is empty.
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

    /// Whether the text occurs.
    package func containsText(_ text: some StringProtocol) -> Bool {
        firstRange(ofText: text) != nil
    }
}
