// The directory and the name in a path.

extension String {
    /// The directory in which the last name of the path stands; `.` if there is none.
    ///
    /// A slash is a byte, whatever comes after it: with an accent behind it, Swift takes both for
    /// another character. The corresponding C function is `dirname`.
    package var parentDirectory: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// What comes after the last slash of the path; all of it if there is none.
    package var lastPathName: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return String(Substring(utf8[slash...].dropFirst()))
    }
}
