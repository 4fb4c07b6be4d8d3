/// A value in a call or a response (xmlrpc.com/spec, "Scalar <value>s", "<struct>s", "<array>s").
public enum XMLRPCValue: Sendable, Hashable {
    /// A whole number: `<int>`, `<i4>` or `<i8>`.
    case int(Int)
    /// A boolean: `<boolean>`.
    case bool(Bool)
    /// A text: `<string>`, an untyped value, and the text of `<base64>` and `<dateTime.iso8601>`.
    case string(String)
    /// A number with a fraction: `<double>`.
    case double(Double)
    /// An array: `<array>`.
    case array([XMLRPCValue])
    /// Named values in their order: `<struct>`.
    case structure([Member])
    /// No value: `<nil/>`, an extension that Python's servers use.
    case null

    /// A member of a struct.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String

        /// The value.
        public let value: XMLRPCValue

        /// Creates a member.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The value.
        public init(_ name: String, _ value: XMLRPCValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value of a struct's member; nil if there is none, or this is not a struct.
    ///
    /// - Parameter name: The member's name.
    public subscript(name: String) -> XMLRPCValue? {
        guard case .structure(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is a string.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The integer, if this is one, or a string or double that represents one.
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
