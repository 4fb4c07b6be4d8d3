// An answer of supervisord's.

/// What a call returned (xmlrpc.com/spec, "Response format").
public enum MethodResponse: Sendable, Hashable {
    /// The method's value.
    case value(XMLRPCValue)

    /// The method's refusal.
    case fault(Fault)

    /// Reads an answer.
    ///
    /// Characters that XML does not allow are mended first. A document type declaration is refused
    /// before it can declare anything, and so is nesting beyond 128 elements.
    ///
    /// - Parameter bytes: The body of the HTTP answer.
    /// - Throws: `MalformedResponse` when they are not one whole answer.
    public init(_ bytes: [UInt8]) throws(MalformedResponse) {
        let reader = try MethodResponseReader()
        let value = try reader.read(XMLText.mended(bytes))
        guard reader.isFault else {
            self = .value(value)
            return
        }
        guard let code = value["faultCode"]?.int, let text = value["faultString"]?.string else {
            throw MalformedResponse("a fault without a code and a text")
        }
        self = .fault(Fault(code: FaultCode(rawValue: code), string: text))
    }
}
