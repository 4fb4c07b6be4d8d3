// Classifies errors by their cause.

internal import Curl
internal import Glibc
internal import Text

extension CurlError {
    /// Whether this program or this host caused the error: then the state of the site is unknown.
    var isOwnFault: Bool {
        // libcurl uses the same codes for invalid responses, such as another protocol, a status
        // line without a valid status, or a header line that is too long.
        if isAfterConnection { return false }
        if Self.ownCodes.contains(code.rawValue) || Self.ownNumbers.contains(osErrno) {
            return true
        }
        // Either this host's clock or the certificate's date is wrong; a restart changes neither.
        if code == .peerFailedVerification { return message.containsText("not yet valid") }
        guard code == .couldntConnect || code == .couldntResolveHost else { return false }
        // libcurl reports only a failed lookup when the resolver got no socket or thread.
        return message.containsText("thread failed") || Self.lacksDescriptors
    }

    /// Whether the service may still be starting up.
    var isRefused: Bool {
        code == .couldntConnect && (osErrno == ECONNREFUSED || osErrno == ENOENT)
    }

    /// Errors caused by a lack of memory, by a missing file, or by invalid options
    /// (libcurl-errors(3)).
    private static let ownCodes: Set<Int32> = Set(
        [
            CurlErrorCode.failedInit, .unsupportedProtocol, .urlMalformat, .notBuiltIn,
            .outOfMemory, .badFunctionArgument, .unknownOption, .sslCertproblem,
            .sslCACertBadfile, .sslIssuerError, .abortedByCallback, .interfaceFailed,
            .sslEngineNotfound, .sslEngineSetfailed, .sslCipher, .sslCRLBadfile,
        ].map(\.rawValue))

    /// No descriptor, no memory, no local port, no permission.
    private static let ownNumbers: Set<Int32> = [
        EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL, EPERM, EACCES, EAFNOSUPPORT,
    ]

    private static var lacksDescriptors: Bool {
        let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard number < 0 else {
            close(number)
            return false
        }
        return ownNumbers.contains(errno)
    }
}
