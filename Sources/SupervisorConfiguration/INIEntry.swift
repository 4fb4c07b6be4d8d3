// One setting of an INI file.

/// One setting of an INI file.
struct INIEntry {
    /// The section that it is in; empty before the first one.
    let section: String

    /// Its name, in lower case, as supervisord compares names.
    let key: String

    /// Its value, the lines of which are separated by line feeds.
    var value: String

    /// The line that it begins in, from 1.
    let line: Int
}
