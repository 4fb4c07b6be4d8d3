// Tells the trouble of a connection in the words of supervisord's settings.

internal import Curl
internal import Glibc

extension RPCError {
    /// Translates libcurl's error.
    ///
    /// - Parameters:
    ///   - error: What libcurl says.
    ///   - server: Where supervisord should have been.
    ///   - deadline: The time it had.
    init(_ error: CurlError, server: ServerURL, deadline: Duration) {
        switch error.code {
        case .operationTimedout:
            self = .timedOut("\(server) did not answer within \(Self.seconds(deadline)) s")
        case .filesizeExceeded: self = .tooLarge(SupervisorClient.answerLimit)
        case .couldntConnect: self = .unreachable(Self.refusal(error, server))
        case .gotNothing, .recvError, .sendError, .partialFile:
            self = .unreachable("the connection to \(server) broke off: \(error)")
        default: self = .unreachable("\(server): \(error)")
        }
    }

    private static func refusal(_ error: CurlError, _ server: ServerURL) -> String {
        guard let path = server.socketPath else {
            guard error.osErrno == ECONNREFUSED else { return "\(server): \(error)" }
            return "nobody listens on \(server): "
                + "is [inet_http_server] on in supervisord.conf, with this port=?"
        }
        switch error.osErrno {
        case EACCES, EPERM:
            return "permission denied on \(path): set chmod= or chown= in [unix_http_server], "
                + "or run this listener without user="
        case ENOENT:
            return "there is no socket \(path): "
                + "is [unix_http_server] on in supervisord.conf, with this file=?"
        case ECONNREFUSED:
            return "nobody listens on \(path): is supervisord running, with this file= in "
                + "[unix_http_server]?"
        default: return "\(server): \(error)"
        }
    }

    /// Seconds with up to one decimal, as people write them.
    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
