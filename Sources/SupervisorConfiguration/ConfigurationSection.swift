/// A section of supervisord's configuration.
package struct ConfigurationSection {
    /// A setting.
    package struct Setting {
        /// The value, before expansion.
        package let text: String
        /// The line where it begins.
        package let line: Int
    }

    /// The name, such as `program:web`.
    package let name: String

    /// The file where it begins.
    package let file: String

    /// The line where it begins.
    package let line: Int

    /// The settings by name.
    package internal(set) var settings: [String: Setting]

    /// The part after the first colon of the name; nil without a colon.
    package var ownName: String? {
        name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) }
    }

    /// The part before the first colon of the name.
    package var kind: String {
        String(name.prefix { $0 != ":" })
    }
}
