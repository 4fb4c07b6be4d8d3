/// Words in one contiguous buffer, as C expects them, with the start of each.
struct OptionWords {
    /// All words, each terminated by NUL.
    private(set) var bytes: [CChar] = []

    /// The start of each word.
    private(set) var starts: [Int] = []

    /// - Parameter words: The words; each is truncated at a NUL.
    init(_ words: [String]) {
        for word in words {
            starts.append(bytes.count)
            bytes += word.utf8.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
    }

    /// The text from a position to the end of its word.
    func text(at place: Int) -> String {
        let text = bytes[place...].prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return String(decoding: text, as: UTF8.self)
    }

    /// The word that contains a position, and the offset within it.
    func location(of place: Int) -> OptionOccurrence.Location? {
        guard let word = starts.lastIndex(where: { $0 <= place }) else { return nil }
        return OptionOccurrence.Location(word: word, offset: place - starts[word])
    }
}
