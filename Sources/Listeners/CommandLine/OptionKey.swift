// What names an option in the program, whatever the user calls it.

/// What names an option in the program, whatever the user calls it.
///
/// Each tool adds its own as static members.
public struct OptionKey: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name, by convention the option's first long name.
    public let rawValue: String

    /// A key by its name.
    ///
    /// - Parameter rawValue: The name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A key by its name.
    ///
    /// - Parameter value: The name.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The option that asks for the help text.
    public static let help: OptionKey = "help"
}
