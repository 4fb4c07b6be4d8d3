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

    /// The name of the program or group: the part after the first colon of the name, without the
    /// spaces around it; nil without a colon.
    package var ownName: String? {
        writtenName.map { written in
            var name = written[...].drop(while: \.isWhitespace)
            while name.last?.isWhitespace == true { name.removeLast() }
            return String(name)
        }
    }

    /// The part after the first colon of the name, with the spaces around it; nil without a colon.
    package var writtenName: String? {
        name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) }
    }

    /// The name of the group that the section itself creates.
    ///
    /// supervisord removes the spaces around all names except this one of a listener.
    package var groupName: String? { kind == "eventlistener" ? writtenName : ownName }

    /// The part before the first colon of the name.
    package var kind: String {
        String(name.prefix { $0 != ":" })
    }
}
