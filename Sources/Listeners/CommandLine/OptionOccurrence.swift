/// One option as given on the command line.
public struct OptionOccurrence: Sendable, Hashable {
    /// The position of a value on the command line.
    struct Location: Hashable {
        /// The index of the word; the program's name is word 0.
        let word: Int
        /// The offset in bytes within the word.
        let offset: Int
    }

    /// The option.
    public let key: OptionKey

    /// The option's name in errors: `-t`, or the long name shown in the help, such as `--timeout`.
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
