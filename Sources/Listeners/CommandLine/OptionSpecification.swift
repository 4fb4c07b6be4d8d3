/// An option of a tool as pure data, the source of parsing, help, manual page and completions.
public struct OptionSpecification: Sendable, Hashable {
    /// How often an option may or must be given, as shown in the usage line.
    public enum Occurrence: Sendable, Hashable {
        /// At most once; if repeated, the last one counts.
        case optional
        /// Any number of times.
        case repeatable
        /// At least once; if repeated, the last one counts.
        case required
        /// At least once; each one counts.
        case requiredRepeatable

        /// Whether each of several counts.
        public var isRepeatable: Bool { self == .repeatable || self == .requiredRepeatable }

        /// Whether it must be given.
        public var isRequired: Bool { self == .required || self == .requiredRepeatable }
    }

    /// The sections of the help, in the order shown.
    public enum Section: String, Sendable, Hashable, CaseIterable {
        /// The tool's own work.
        case own = "Options"
        /// Sending mail.
        case mail = "Mail"
        /// Sending alerts in other ways.
        case channels = "Other alert channels"
        /// Connection to supervisord, stored data and logs.
        case operation = "Operation"
        /// Actions that replace the tool's usual work.
        case actions = "Actions"
    }

    /// Identifies the option in the program.
    public let key: OptionKey

    /// The short letter, an ASCII letter or digit.
    public let letter: Character?

    /// The long name shown to users.
    public let longName: String

    /// The placeholder for the value in usage and help; nil for a flag.
    public let placeholder: String?

    /// How often the option may or must be given.
    public let occurrence: Occurrence

    /// Whether superlance 2.0.0 has the option, so that prefixes of its name must keep their
    /// meaning.
    public let isOriginal: Bool

    /// What the option does, as one sentence.
    public let help: String

    /// The default value as a user would write it, empty for a flag; nil if there is none.
    public let standard: String?

    /// The section of the help.
    public private(set) var section = Section.own

    /// Creates an option.
    ///
    /// - Parameters:
    ///   - key: Identifies the option in the program.
    ///   - letter: The short letter.
    ///   - longName: The long name shown to users.
    ///   - placeholder: The placeholder for the value; nil for a flag.
    ///   - occurrence: How often it may or must be given.
    ///   - isOriginal: Whether superlance 2.0.0 has it.
    ///   - help: What it does, as one sentence.
    ///   - standard: The default value.
    public init(
        _ key: OptionKey, letter: Character? = nil, longName: String,
        placeholder: String? = nil, occurrence: Occurrence = .optional, isOriginal: Bool = false,
        help: String, standard: String? = nil
    ) {
        self.key = key
        self.letter = letter
        self.longName = longName
        self.placeholder = placeholder
        self.occurrence = occurrence
        self.isOriginal = isOriginal
        self.help = help
        self.standard = standard
    }

    /// Returns the same option in another section of the help.
    ///
    /// - Parameter section: The section.
    /// - Returns: The option.
    public func `in`(_ section: Section) -> OptionSpecification {
        var option = self
        option.section = section
        return option
    }

    /// The option that every tool has: `-h`, `--help`.
    public static let help = OptionSpecification(
        .help, letter: "h", longName: "help", isOriginal: true, help: "Show this help and exit."
    ).in(.actions)
}
