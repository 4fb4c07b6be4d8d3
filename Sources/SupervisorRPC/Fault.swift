// A refusal of supervisord's.

internal import Text

/// What supervisord says when it does not do what a call asks (xmlrpc.com/spec, "Fault example").
public struct Fault: Error, Sendable, Hashable {
    /// The fault's number.
    public let code: FaultCode

    /// The fault's text, such as `NOT_RUNNING: web`.
    public let string: String

    /// Describes a refusal.
    ///
    /// - Parameters:
    ///   - code: The fault's number.
    ///   - string: The fault's text.
    public init(code: FaultCode, string: String) {
        self.code = code
        self.string = string
    }
}

extension Fault: CustomStringConvertible {
    /// The fault as Python prints it, `<Fault 70: 'NOT_RUNNING: web'>`: the texts that the original
    /// tools send hold it in this form.
    public var description: String { "<Fault \(code.rawValue): \(string.pythonLiteral)>" }
}
