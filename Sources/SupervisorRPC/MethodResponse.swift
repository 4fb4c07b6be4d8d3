/// The result of a call (xmlrpc.com/spec, "Response format").
public enum MethodResponse: Sendable, Hashable {
    /// The method's value.
    case value(XMLRPCValue)

    /// The fault.
    case fault(Fault)

    /// Parses a response.
    ///
    /// Invalid characters are removed first. A document type declaration is rejected before it can
    /// declare anything, and so is nesting deeper than 128 elements.
    ///
    /// - Parameter bytes: The body of the HTTP response.
    /// - Throws: `ResponseError` when it is not exactly one response.
    public init(_ bytes: [UInt8]) throws(ResponseError) {
        let reader = try MethodResponseReader()
        let value = try reader.read(XMLText.mended(bytes))
        guard reader.isFault else {
            self = .value(value)
            return
        }
        guard let code = value["faultCode"]?.int, let text = value["faultString"]?.string else {
            throw ResponseError("a fault without a code and a text")
        }
        self = .fault(Fault(code: FaultCode(rawValue: code), message: text))
    }
}
