// Searches text in text, byte by byte.
//
// The standard library's search links its regular expression parser, which would add almost a
// megabyte to the program. `scripts/start-order --check` finds where it is used by mistake.

internal import CLinux

extension StringProtocol {
    /// The first occurrence of the text; nil if there is none or the text is empty.
    ///
    /// The time is linear, whatever the texts: a program's log may be one word a thousand times.
    package func firstRange(ofText text: some StringProtocol) -> Range<String.Index>? {
        let count = text.utf8.count
        guard count > 0, let offset = utf8.offset(of: text.utf8) else { return nil }
        let start = utf8.index(utf8.startIndex, offsetBy: offset)
        return start..<utf8.index(start, offsetBy: count)
    }

    /// Whether the text contains another text.
    package func containsText(_ text: some StringProtocol) -> Bool {
        firstRange(ofText: text) != nil
    }

    /// The text with another text in place of each occurrence.
    package func replacingText(_ text: some StringProtocol, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(ofText: text) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension Collection<UInt8> {
    /// How many bytes come before other bytes where those occur first; nil if they do not.
    fileprivate func offset(of other: some Collection<UInt8>) -> Int? {
        unsafe withBytes { bytes in
            unsafe other.withBytes { part in
                guard let start = bytes.baseAddress, let first = part.baseAddress,
                    let found = unsafe clinux_find(first, part.count, start, bytes.count)
                else { return nil }
                return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
            }
        }
    }

    /// Calls a closure with the bytes in one piece.
    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = withContiguousStorageIfAvailable(body) { return result }
        return unsafe Array(self).withUnsafeBufferPointer(body)
    }
}
