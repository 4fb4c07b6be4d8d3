/// One setting of an INI file.
struct INIEntry {
    /// The section; empty before the first section.
    let section: String

    /// The name, in lower case: supervisord ignores case.
    let key: String

    /// The value; its lines are separated by line feeds.
    var value: String

    /// The line where it begins, from 1.
    let line: Int
}
