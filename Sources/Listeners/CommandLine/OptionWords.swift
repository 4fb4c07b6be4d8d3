// Words in one stretch of memory, as C takes them, and where each of them begins.

/// Words in one stretch of memory, as C takes them, and where each of them begins.
struct OptionWords {
    /// All words, each ended by NUL.
    private(set) var bytes: [CChar] = []

    /// Where each word begins.
    private(set) var starts: [Int] = []

    /// - Parameter words: The words; what follows a NUL in one is not part of it.
    init(_ words: [String]) {
        for word in words {
            starts.append(bytes.count)
            bytes += word.utf8.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
    }

    /// The text from a place to the end of its word.
    func text(at place: Int) -> String {
        let text = bytes[place...].prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return String(decoding: text, as: UTF8.self)
    }

    /// Which word a place is in, and how far from the word's start.
    func location(of place: Int) -> OptionOccurrence.Location? {
        guard let word = starts.lastIndex(where: { $0 <= place }) else { return nil }
        return OptionOccurrence.Location(word: word, offset: place - starts[word])
    }
}
