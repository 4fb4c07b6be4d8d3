// A section of supervisord's configuration.

/// A section of supervisord's configuration.
package struct ConfigurationSection {
    /// A setting.
    package struct Setting {
        /// Its value, before names are expanded.
        package let text: String
        /// The line that it begins in.
        package let line: Int
    }

    /// Its name, such as `program:web`.
    package let name: String

    /// The file that it begins in.
    package let file: String

    /// The line that it begins in.
    package let line: Int

    /// Its settings by name.
    package internal(set) var settings: [String: Setting]

    /// What follows the first colon of its name; nothing without one.
    package var ownName: String? {
        name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) }
    }

    /// What stands before the first colon of its name.
    package var kind: String {
        String(name.prefix { $0 != ":" })
    }
}
