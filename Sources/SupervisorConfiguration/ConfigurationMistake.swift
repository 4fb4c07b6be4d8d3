// What keeps supervisord from reading its configuration.

/// What keeps supervisord from reading its configuration, or is hardly meant.
package struct ConfigurationMistake: Error, Hashable {
    /// The section; nothing if it is about a file.
    package let section: String?

    /// What is wrong and what to change, as one clause.
    package let message: String

    init(_ message: String, in section: String? = nil) {
        self.section = section
        self.message = message
    }
}
