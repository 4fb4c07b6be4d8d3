/// Searches for a text in chunks without keeping them (Knuth, Morris and Pratt).
struct StreamSearch {
    private let text: [UInt8]
    /// For each length of a prefix, the length of its longest border.
    private let fallbacks: [Int]
    private var matched = 0

    /// Whether the text was found.
    private(set) var isFound: Bool

    /// Prepares a search.
    ///
    /// - Parameter text: The text; an empty one is always found.
    init(_ text: [UInt8]) {
        self.text = text
        isFound = text.isEmpty
        var fallbacks = [0]
        for byte in text.dropFirst() {
            var length = fallbacks[fallbacks.count - 1]
            while length > 0 && text[length] != byte { length = fallbacks[length - 1] }
            fallbacks.append(text[length] == byte ? length + 1 : 0)
        }
        self.fallbacks = fallbacks
    }

    /// Reads the next chunk.
    mutating func feed(_ bytes: [UInt8]) {
        for byte in bytes where !isFound {
            while matched > 0 && text[matched] != byte { matched = fallbacks[matched - 1] }
            if text[matched] == byte { matched += 1 }
            isFound = matched == text.count
        }
    }
}
