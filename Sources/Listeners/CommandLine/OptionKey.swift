/// Identifies an option in the program, independent of its names on the command line.
///
/// Tools add their options as static members.
public struct OptionKey: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name, by convention the option's first long name.
    public let rawValue: String

    /// Creates a key.
    ///
    /// - Parameter rawValue: The name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a key.
    ///
    /// - Parameter value: The name.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The option that shows the help text.
    public static let help: OptionKey = "help"
}

extension OptionKey {
    /// The processes that a tool watches.
    static let program: OptionKey = "program"
    /// All processes.
    static let any: OptionKey = "any"
}
