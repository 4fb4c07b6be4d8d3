internal import ListenerProtocol
internal import Text

/// Limits by names and patterns, of programs or of groups.
struct MemoryLimitList: ExpressibleByDictionaryLiteral {
    /// One limit, as given on the command line.
    struct Entry {
        let pattern: ProcessPattern
        let size: MemorySize
        /// The option and its value, such as `-p web=200MB`.
        let text: String
    }

    /// The limits by their names and patterns; the last one applies if a name occurs twice.
    private(set) var entries: [ExactText: Entry] = [:]

    /// The limits with patterns; a plain name is only looked up.
    private var globs: [ExactText] = []

    init() {}

    init(dictionaryLiteral elements: (String, MemorySize)...) {
        for (name, size) in elements { set(name, size, text: "\(name)") }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a limit.
    mutating func set(_ name: String, _ size: MemorySize, text: String) {
        let key = ExactText(name)
        let entry = Entry(pattern: ProcessPattern(name), size: size, text: text)
        if entries.updateValue(entry, forKey: key) == nil, !entry.pattern.isLiteral {
            globs.append(key)
        }
    }

    /// The limits with exactly these names.
    func named(_ names: String...) -> [MemorySize] {
        names.compactMap { entries[ExactText($0)]?.size }
    }

    /// The limits with matching patterns, except plain names.
    func matching(_ matches: (ProcessPattern) -> Bool) -> [MemorySize] {
        globs.compactMap { key in
            guard let entry = entries[key], matches(entry.pattern) else { return nil }
            return entry.size
        }
    }

    /// The limits as superlance logs them, in bytes.
    func summary(of total: Int) -> String {
        sorted.map { "\($0.pattern)=\($0.size.bytes(of: total))" }.joined(separator: ", ")
    }

    /// The entries, ordered by their names.
    var sorted: [Entry] {
        entries.sorted { $0.key.text < $1.key.text }.map(\.value)
    }
}
