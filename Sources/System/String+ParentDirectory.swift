extension String {
    /// The path without its last name; `.` if it has only one.
    ///
    /// The path is split by bytes: a combining character does not hide a slash. The corresponding C
    /// function is `dirname`.
    package var parentDirectory: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// The text after the last slash; the whole path if there is none.
    package var lastPathName: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return String(Substring(utf8[slash...].dropFirst()))
    }
}
