// One option of a tool, as pure data: parsing, help, manual page and completions are made of it.

/// One option of a tool, as pure data: parsing, help, manual page and completions are made of it.
public struct OptionSpecification: Sendable, Hashable {
    /// How often an option may or must be given, which the usage line shows.
    public enum Occurrence: Sendable, Hashable {
        /// At most once; of several the last counts.
        case optional
        /// As often as one likes.
        case repeatable
        /// Once, or the tool refuses to start.
        case required
    }

    /// What an option is about; help shows the sections in this order.
    public enum Section: String, Sendable, Hashable, CaseIterable {
        /// The tool's own work.
        case own = "Options"
        /// How mail is sent.
        case mail = "Mail"
        /// Other ways of sending alerts.
        case channels = "Other alert channels"
        /// Where supervisord is, what is kept and what is logged.
        case operation = "Operation"
        /// What the tool does instead of its work.
        case actions = "Actions"
    }

    /// What names the option in the program.
    public let key: OptionKey

    /// The short letter, an ASCII letter or digit.
    public let letter: Character?

    /// The long name shown to users.
    public let longName: String

    /// Further long names, accepted and not shown.
    public let aliases: [String]

    /// What stands for the value in usage and help; nil for a flag.
    public let placeholder: String?

    /// How often the option may or must be given.
    public let occurrence: Occurrence

    /// Whether superlance 2.0.0 has it, so that prefixes of its name must go on to mean it.
    public let isOfficial: Bool

    /// What the option does, as one sentence.
    public let help: String

    /// The value when the option is not given, as a user would write it; nil where there is none, or
    /// where it depends on others.
    public let standard: String?

    /// What the option is about.
    public private(set) var section = Section.own

    /// An option.
    ///
    /// - Parameters:
    ///   - key: What names the option in the program.
    ///   - letter: The short letter.
    ///   - longName: The long name shown to users.
    ///   - aliases: Further long names, accepted and not shown.
    ///   - placeholder: What stands for the value; nil for a flag.
    ///   - occurrence: How often it may or must be given.
    ///   - isOfficial: Whether superlance 2.0.0 has it.
    ///   - help: What it does, as one sentence.
    ///   - standard: The value when the option is not given.
    public init(
        _ key: OptionKey, letter: Character? = nil, longName: String, aliases: [String] = [],
        placeholder: String? = nil, occurrence: Occurrence = .optional, isOfficial: Bool = false,
        help: String, standard: String? = nil
    ) {
        self.key = key
        self.letter = letter
        self.longName = longName
        self.aliases = aliases
        self.placeholder = placeholder
        self.occurrence = occurrence
        self.isOfficial = isOfficial
        self.help = help
        self.standard = standard
    }

    /// The same option in another section of the help.
    ///
    /// - Parameter section: The section.
    /// - Returns: The option.
    public func `in`(_ section: Section) -> OptionSpecification {
        var option = self
        option.section = section
        return option
    }

    /// The option every tool has: `-h`, `--help`.
    public static let help = OptionSpecification(
        .help, letter: "h", longName: "help", isOfficial: true, help: "Show this help and exit."
    ).in(.actions)
}
