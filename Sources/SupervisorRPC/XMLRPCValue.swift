// A value of XML-RPC.

/// A value in a call or an answer (xmlrpc.com/spec, "Scalar <value>s", "<struct>s", "<array>s").
public enum XMLRPCValue: Sendable, Hashable {
    /// A whole number: `<int>`, `<i4>` or `<i8>`.
    case int(Int)
    /// A truth value: `<boolean>`.
    case bool(Bool)
    /// A text: `<string>`, no type at all, and the text of `<base64>` and `<dateTime.iso8601>`.
    case string(String)
    /// A number with a fraction: `<double>`.
    case double(Double)
    /// Values in a row: `<array>`.
    case array([XMLRPCValue])
    /// Named values in the order they came: `<struct>`.
    case structure([Member])
    /// No value: `<nil/>`, an extension that Python's servers can use.
    case null

    /// A named value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String

        /// The value.
        public let value: XMLRPCValue

        /// Names a value.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The value.
        public init(_ name: String, _ value: XMLRPCValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of this name of a struct; nil when there is none, or this is no struct.
    ///
    /// - Parameter name: The member's name.
    public subscript(name: String) -> XMLRPCValue? {
        guard case .structure(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is one.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number, if this is one, or a text or double that stands for one.
    public var int: Int? {
        switch self {
        case .int(let number): number
        case .double(let number): Int(exactly: number)
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// The values, if this is an array.
    public var array: [XMLRPCValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }
}
