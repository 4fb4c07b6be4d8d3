/// An error in supervisord's configuration, or a setting that is probably not intended.
package struct ConfigurationMistake: Error, Hashable {
    /// The section; nil if it concerns a file.
    package let section: String?

    /// What is wrong and what to change, as one clause.
    package let message: String

    init(_ message: String, in section: String? = nil) {
        self.section = section
        self.message = message
    }
}
