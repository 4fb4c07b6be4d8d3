// Records of fields as lines of text, for pipes and files.

/// Records of fields as lines of text, for pipes and files.
///
/// Fields are separated by tabs; tabs, line ends and backslashes within them are escaped with a
/// backslash, so that a line is always a whole record and a person can read it.
public enum TextRecord {
    /// Writes a record.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    /// - Returns: The line with its end.
    public static func encode(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: "\t")) }
            for byte in field.utf8 {
                switch byte {
                case UInt8(ascii: "\t"): line += #"\t"#.utf8
                case UInt8(ascii: "\n"): line += #"\n"#.utf8
                case UInt8(ascii: "\\"): line += #"\\"#.utf8
                default: line.append(byte)
                }
            }
        }
        return line + [UInt8(ascii: "\n")]
    }

    /// Reads records.
    ///
    /// - Parameter bytes: Lines.
    /// - Returns: The records in order; a last one that is not whole is left out.
    public static func parse(_ bytes: [UInt8]) -> [[String]] {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                    .map(decode)
            }
    }

    private static func decode(_ field: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = field[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case let other?: bytes.append(other)
            case nil: break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
