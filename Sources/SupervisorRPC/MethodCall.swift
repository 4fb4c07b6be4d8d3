/// A call of a method (xmlrpc.com/spec, "Request format").
public struct MethodCall: Sendable, Hashable {
    /// The method's name, such as `supervisor.getState`.
    public let method: String

    /// The parameters.
    public let parameters: [XMLRPCValue]

    /// Creates a call.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - parameters: The parameters.
    public init(_ method: String, _ parameters: [XMLRPCValue] = []) {
        self.method = method
        self.parameters = parameters
    }

    /// The call as XML in UTF-8.
    ///
    /// Every value has an explicit type, since not every server treats an untyped one as a string.
    /// Characters that XML 1.0 (section 2.2) cannot represent are omitted.
    public var xml: [UInt8] {
        var bytes = Array("<?xml version=\"1.0\"?><methodCall><methodName>".utf8)
        Self.write(text: method, to: &bytes)
        bytes += "</methodName><params>".utf8
        for parameter in parameters {
            bytes += "<param>".utf8
            Self.write(parameter, to: &bytes)
            bytes += "</param>".utf8
        }
        bytes += "</params></methodCall>".utf8
        return bytes
    }

    private static func write(_ value: XMLRPCValue, to bytes: inout [UInt8]) {
        bytes += "<value>".utf8
        switch value {
        case .int(let number):
            // By the specification <int> has 32 bits; other servers use <i8> for longer ones.
            let type = Int32(exactly: number) == nil ? "i8" : "int"
            bytes += "<\(type)>\(number)</\(type)>".utf8
        case .bool(let flag): bytes += "<boolean>\(flag ? 1 : 0)</boolean>".utf8
        case .double(let number): bytes += "<double>\(number)</double>".utf8
        case .null: bytes += "<nil/>".utf8
        case .string(let text):
            bytes += "<string>".utf8
            write(text: text, to: &bytes)
            bytes += "</string>".utf8
        case .array(let values):
            bytes += "<array><data>".utf8
            for value in values { write(value, to: &bytes) }
            bytes += "</data></array>".utf8
        case .structure(let members):
            bytes += "<struct>".utf8
            for member in members {
                bytes += "<member><name>".utf8
                write(text: member.name, to: &bytes)
                bytes += "</name>".utf8
                write(member.value, to: &bytes)
                bytes += "</member>".utf8
            }
            bytes += "</struct>".utf8
        }
        bytes += "</value>".utf8
    }

    private static func write(text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars where XMLText.allows(scalar.value) {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            // Otherwise the reader would convert it to a line feed (XML 1.0, section 2.11).
            case "\r": bytes += "&#13;".utf8
            default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
    }
}
