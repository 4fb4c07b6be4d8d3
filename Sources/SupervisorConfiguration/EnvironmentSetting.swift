/// The value of `environment=`: `KEY="value",KEY2=value` (Supervisor manual, "[program:x] Section
/// Settings").
enum EnvironmentSetting {
    /// Parses a value.
    ///
    /// - Parameter text: The value, after expansion.
    /// - Returns: The variables; nil if it cannot be parsed.
    static func parse(_ text: String) -> [String: String]? {
        var variables: [String: String] = [:]
        var rest = Array(text.utf8)[...]
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
        while true {
            rest = rest.drop { isSpace($0) || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return variables }
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let key = String(decoding: rest[..<equals].filter { !isSpace($0) }, as: UTF8.self)
            rest = rest[(equals + 1)...].drop(while: isSpace)
            var value: [UInt8] = []
            var quote: UInt8?
            scan: while let byte = rest.first {
                switch byte {
                case quote: quote = nil
                case UInt8(ascii: "\"") where quote == nil, UInt8(ascii: "'") where quote == nil:
                    quote = byte
                case UInt8(ascii: ",") where quote == nil: break scan
                default: value.append(byte)
                }
                rest.removeFirst()
            }
            guard quote == nil, !key.isEmpty else { return nil }
            while quote == nil, let last = value.last, isSpace(last) { value.removeLast() }
            variables[key] = String(decoding: value, as: UTF8.self)
        }
    }
}
