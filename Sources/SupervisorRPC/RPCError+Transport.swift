// Explains connection errors in terms of supervisord's settings.

internal import Glibc
internal import System

extension RPCError {
    /// Converts an error of the connection.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - server: The URL of supervisord.
    ///   - timeout: The timeout of the call.
    init(_ error: ExchangeError, server: ServerURL, timeout: Duration) {
        switch error {
        case .timedOut:
            self = .timedOut("\(server) did not respond within \(Self.seconds(timeout)) s")
        case .tooLarge: self = .tooLarge(Transport.answerLimit)
        case .notConnected(let code): self = .unreachable(Self.refusal(code, server))
        case .brokenOff(let reason):
            self = .unreachable("the connection to \(server) broke: \(reason)")
        case .malformed(let reason):
            self = .invalidResponse("\(server) returned no valid HTTP response: \(reason)")
        case .failed(let reason): self = .unreachable("\(server): \(reason)")
        }
    }

    private static func refusal(_ code: Int32, _ server: ServerURL) -> String {
        let words = "\(server): \(SystemError.words(for: code))"
        guard let path = server.socketPath else {
            guard code == ECONNREFUSED else { return words }
            return "nothing listens on \(server): check port= in [inet_http_server]"
        }
        switch code {
        case EACCES, EPERM:
            return "permission denied on \(path): set chmod= or chown= in [unix_http_server], "
                + "or run this listener without user="
        case ENOENT:
            return "there is no socket \(path): check file= in [unix_http_server]"
        case ECONNREFUSED:
            return "nothing listens on \(path): start supervisord, or check file= in "
                + "[unix_http_server]"
        default: return words
        }
    }

    /// Seconds with at most one decimal.
    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
