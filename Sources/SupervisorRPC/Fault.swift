internal import Text

/// A fault returned by supervisord (xmlrpc.com/spec, "Fault example").
public struct Fault: Error, Sendable, Hashable {
    /// The fault's code.
    public let code: FaultCode

    /// The fault's text, such as `NOT_RUNNING: web`.
    public let message: String

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - code: The fault's code.
    ///   - message: The fault's text.
    public init(code: FaultCode, message: String) {
        self.code = code
        self.message = message
    }
}

extension Fault: CustomStringConvertible {
    /// The fault as Python prints it, `<Fault 70: 'NOT_RUNNING: web'>`: superlance's texts contain
    /// faults in this form.
    public var description: String { "<Fault \(code.rawValue): \(message.pythonLiteral)>" }
}
