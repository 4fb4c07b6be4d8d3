/// A JSON value to be written (RFC 8259).
enum JSONValue {
    /// An object with its members in order.
    case object([(name: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    case bool(Bool)
    case null

    /// A string, or null.
    static func optional(_ text: String?) -> JSONValue {
        text.map(JSONValue.string) ?? .null
    }

    /// A number, or null.
    static func optional(_ number: Int?) -> JSONValue {
        number.map(JSONValue.integer) ?? .null
    }

    /// The value as UTF-8, without line ends.
    var bytes: [UInt8] { Array(text.utf8) }

    /// The value as text, without line ends.
    var text: String {
        switch self {
        case .object(let members):
            let list = members.map { "\(Self.quoted($0.name)):\($0.value.text)" }
            return "{\(list.joined(separator: ","))}"
        case .array(let values): return "[\(values.map(\.text).joined(separator: ","))]"
        case .string(let text): return Self.quoted(text)
        case .integer(let number): return String(number)
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        }
    }

    /// A string as in RFC 8259, section 7: only quotes, backslashes and control characters are
    /// escaped.
    private static func quoted(_ text: String) -> String {
        var quoted = "\"".unicodeScalars
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted.append(contentsOf: ["\\", scalar])
            case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
            case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
            case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                quoted.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            default: quoted.append(scalar)
            }
        }
        quoted.append("\"")
        return String(quoted)
    }
}
