// Whose fault it is that there is no answer.

internal import Curl
internal import Glibc
internal import Text

extension CurlError {
    /// Whether it is this program's or this host's own fault that there is no answer: then nothing
    /// is known of the site.
    var isOwnFault: Bool {
        if Self.ownCodes.contains(code.rawValue) || Self.ownNumbers.contains(osErrno) {
            return true
        }
        // Either this host's clock is wrong or the certificate's date; a restart changes neither.
        if code == .peerFailedVerification { return message.containsText("not yet valid") }
        guard code == .couldntConnect || code == .couldntResolveHost else { return false }
        // libcurl says only that there is no address when the resolver got no socket or thread.
        return message.containsText("thread failed") || Self.lacksDescriptors
    }

    /// Whether somebody may come to listen yet.
    var isRefused: Bool {
        code == .couldntConnect && (osErrno == ECONNREFUSED || osErrno == ENOENT)
    }

    /// What libcurl could not do for want of memory, of a file, or of sense in what it was given
    /// (libcurl-errors(3)).
    private static let ownCodes: Set<Int32> = Set(
        [
            CurlErrorCode.failedInit, .unsupportedProtocol, .urlMalformat, .notBuiltIn,
            .outOfMemory, .badFunctionArgument, .unknownOption, .sslCertproblem,
            .sslCACertBadfile, .sslIssuerError, .abortedByCallback, .interfaceFailed,
            .sslEngineNotfound, .sslEngineSetfailed, .sslCipher, .sslCRLBadfile,
        ].map(\.rawValue))

    /// No descriptor, no memory, no port of one's own, no permission.
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
