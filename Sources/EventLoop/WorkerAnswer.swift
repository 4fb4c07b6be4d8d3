// How a worker tells its parent what it has found out.

/// How a worker tells its parent what it has found out: records of fields, a line each.
///
/// Fields are separated by tabs; tabs, line ends and backslashes within them are escaped with a
/// backslash. A worker writes each record as soon as it is true, so that what it had come to is
/// known even if it is killed.
public enum WorkerAnswer {
    /// Writes a record to the parent.
    ///
    /// - Parameter fields: The fields, which may hold any text.
    public static func write(_ fields: String...) {
        Descriptor.standardOutput.writeAll(encode(fields))
    }

    /// Reads records.
    ///
    /// - Parameter bytes: What a worker wrote.
    /// - Returns: The records in order; a last one that is not whole is left out.
    public static func parse(_ bytes: [UInt8]) -> [[String]] {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                    .map(decode)
            }
    }

    static func encode(_ fields: [String]) -> [UInt8] {
        let line = fields.map { field in
            field.utf8.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "\t"): Array(#"\t"#.utf8)
                case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
                case UInt8(ascii: "\\"): Array(#"\\"#.utf8)
                default: [byte]
                }
            }
        }
        return Array(line.joined(separator: [UInt8(ascii: "\t")])) + [UInt8(ascii: "\n")]
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
