/// Records as lines of text, for pipes and files.
///
/// Fields are separated by tabs. Tabs, line ends and backslashes within a field are escaped with a
/// backslash, so that each record is exactly one readable line.
public enum TextRecord {
    /// Encodes a record.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    /// - Returns: The line, with its line end.
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

    /// Parses records.
    ///
    /// - Parameter bytes: The lines.
    /// - Returns: The records in order; an incomplete last line is ignored.
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
