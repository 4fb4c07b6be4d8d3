// One option as it was given on a command line.

/// One option as it was given on a command line.
public struct OptionOccurrence: Sendable, Hashable {
    /// Where a value stands on the command line.
    struct Location: Hashable {
        /// Which word, the program's name being word 0.
        let word: Int
        /// How many bytes from the word's start.
        let offset: Int
    }

    /// Which option.
    public let key: OptionKey

    /// The option as errors name it: `-t`, or the shown long name, such as `--timeout`.
    public let name: String

    /// The value; nil for a flag.
    public let text: String?

    let location: Location?

    init(key: OptionKey, name: String, text: String?, location: Location? = nil) {
        self.key = key
        self.name = name
        self.text = text
        self.location = location
    }
}
