// Why a call of supervisord's did not return a value.

/// Why a call did not return a value.
public enum RPCError: Error, Sendable, Hashable {
    /// supervisord refused it.
    case fault(Fault)

    /// supervisord could not be reached, or the connection broke; the reason as a clause.
    case unreachable(String)

    /// supervisord did not answer in time; the reason as a clause.
    case timedOut(String)

    /// supervisord wants a login, or another one.
    case unauthorized

    /// What came back is no answer of supervisord's; the reason as a clause.
    case garbage(String)

    /// The answer has more than this many bytes.
    case tooLarge(Int)

    /// Whether the trouble lies on the way rather than in supervisord's answer: unless the
    /// connection was refused, it is not known whether the call was carried out.
    public var isTransport: Bool {
        switch self {
        case .unreachable, .timedOut, .garbage, .tooLarge: true
        case .fault, .unauthorized: false
        }
    }
}

extension RPCError: CustomStringConvertible {
    /// One clause, with the setting to change where there is one; it never holds a password.
    public var description: String {
        switch self {
        case .fault(let fault) where fault.code == .unknownMethod:
            "supervisord knows no such method: add [rpcinterface:supervisor] to supervisord.conf"
        case .fault(let fault): fault.description
        case .unreachable(let reason), .timedOut(let reason), .garbage(let reason): reason
        case .unauthorized:
            "supervisord refused the login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in "
                + "this listener's environment="
        case .tooLarge(let limit): "supervisord's answer is larger than \(limit) bytes"
        }
    }
}
