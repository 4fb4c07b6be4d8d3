/// Why a call did not return a value.
public enum RPCError: Error, Sendable, Hashable {
    /// supervisord returned a fault.
    case fault(Fault)

    /// supervisord could not be reached, or the connection broke; the reason as a clause.
    case unreachable(String)

    /// supervisord did not respond in time; the reason as a clause.
    case timedOut(String)

    /// supervisord requires a login, or rejected it.
    case unauthorized

    /// The response is invalid; the reason as a clause.
    case invalidResponse(String)

    /// The response is larger than this number of bytes.
    case tooLarge(Int)

    /// Whether supervisord rejected the call because it is shutting down or restarting.
    public var isShuttingDown: Bool {
        if case .fault(let fault) = self { fault.code == .shutdownState } else { false }
    }

    /// Whether the connection failed rather than the call.
    ///
    /// Unless the connection was refused, the call may have been carried out.
    public var isConnectionFailure: Bool {
        switch self {
        case .unreachable, .timedOut, .invalidResponse, .tooLarge: true
        case .fault, .unauthorized: false
        }
    }
}

extension RPCError: CustomStringConvertible {
    /// One clause, with the setting to change if there is one; it never includes a password.
    public var description: String {
        switch self {
        case .fault(let fault) where fault.code == .unknownMethod:
            "supervisord has no such method: add [rpcinterface:supervisor] to supervisord.conf"
        case .fault(let fault): fault.description
        case .unreachable(let reason), .timedOut(let reason), .invalidResponse(let reason): reason
        case .unauthorized:
            "supervisord rejected the login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in "
                + "this listener's environment="
        case .tooLarge(let limit): "supervisord's response is larger than \(limit) bytes"
        }
    }
}
