// The cause of a failed transfer in a few words, for headlines.

internal import Curl
internal import Glibc
internal import System
internal import Text

extension CurlError {
    /// Whether a response has a longer header than libcurl accepts: it has no words for that.
    var isHeaderTooLong: Bool { code == .outOfMemory && isAfterConnection }

    /// The error as one clause.
    var reason: String { isHeaderTooLong ? "the response header is too long" : description }

    /// The error in words of its own, if it is that of a socket: libcurl's name a host and a port
    /// that the connection does not use.
    ///
    /// - Parameter path: The path of the socket; nil for a connection over the network.
    /// - Returns: The error.
    func naming(socket path: String?) -> CurlError {
        guard let path, code == .couldntConnect else { return self }
        let cause = osErrno == 0 ? "" : ": \(SystemError.words(for: osErrno))"
        return CurlError(
            code: code, message: "cannot connect to \(path)\(cause)", osErrno: osErrno,
            isAfterConnection: isAfterConnection)
    }

    /// The cause in a few words, such as `connection refused`.
    ///
    /// - Parameter timeout: The timeout of the check, as text.
    /// - Returns: The words.
    func cause(within timeout: String) -> String {
        switch code {
        case .couldntConnect: connectCause
        case .couldntResolveHost: "host name not found"
        case .operationTimedout: "no answer within \(timeout)"
        case .peerFailedVerification: certificateCause
        case .gotNothing: "connection closed without an answer"
        case .recvError, .sendError, .partialFile: "connection lost"
        case .sslConnectError: "TLS handshake failed"
        case .outOfMemory: reason
        default: description
        }
    }

    private var connectCause: String {
        switch osErrno {
        case 0: description
        case ECONNREFUSED: "connection refused"
        case ENOENT: "no such socket"
        case ETIMEDOUT: "connection timed out"
        default: SystemError.words(for: osErrno)
        }
    }

    /// OpenSSL's and GnuTLS's words, as far as they are known.
    private var certificateCause: String {
        let known = [
            ("expired", "certificate expired"), ("not yet valid", "certificate not yet valid"),
            ("self-signed", "certificate self-signed"), ("self signed", "certificate self-signed"),
            ("match", "certificate of another host"), ("revoked", "certificate revoked"),
        ]
        let message = message.lowercased()
        return known.first { message.containsText($0.0) }?.1 ?? "certificate not trusted"
    }
}
