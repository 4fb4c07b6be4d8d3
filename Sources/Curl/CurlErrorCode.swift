internal import CCurl

/// A kind of failure, identified by libcurl's error number (libcurl-errors(3)).
public struct CurlErrorCode: RawRepresentable, Hashable, Sendable {
    /// The value of libcurl's `CURLcode`.
    public let rawValue: Int32

    /// Wraps a libcurl error number.
    ///
    /// - Parameter rawValue: The value of a `CURLcode`.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    init(_ code: CURLcode) { self.init(rawValue: Int32(truncatingIfNeeded: code.rawValue)) }

    /// libcurl is missing or could not be initialised; `CURLE_FAILED_INIT`.
    public static let failedInit = Self(CURLE_FAILED_INIT)
    /// The URL's scheme is not allowed; `CURLE_UNSUPPORTED_PROTOCOL`.
    public static let unsupportedProtocol = Self(CURLE_UNSUPPORTED_PROTOCOL)
    /// The URL cannot be parsed; `CURLE_URL_MALFORMAT`.
    public static let urlMalformat = Self(CURLE_URL_MALFORMAT)
    /// This libcurl was built without the requested feature; `CURLE_NOT_BUILT_IN`.
    public static let notBuiltIn = Self(CURLE_NOT_BUILT_IN)
    /// The host name could not be resolved; `CURLE_COULDNT_RESOLVE_HOST`.
    public static let couldntResolveHost = Self(CURLE_COULDNT_RESOLVE_HOST)
    /// The connection failed; `CURLE_COULDNT_CONNECT`.
    public static let couldntConnect = Self(CURLE_COULDNT_CONNECT)
    /// The server's response is invalid; `CURLE_WEIRD_SERVER_REPLY`.
    public static let weirdServerReply = Self(CURLE_WEIRD_SERVER_REPLY)
    /// The server denied access; `CURLE_REMOTE_ACCESS_DENIED`.
    public static let remoteAccessDenied = Self(CURLE_REMOTE_ACCESS_DENIED)
    /// The connection closed before the whole body was received; `CURLE_PARTIAL_FILE`.
    public static let partialFile = Self(CURLE_PARTIAL_FILE)
    /// The write callback stopped the transfer; `CURLE_WRITE_ERROR`.
    public static let writeError = Self(CURLE_WRITE_ERROR)
    /// The transfer timed out; `CURLE_OPERATION_TIMEDOUT`.
    public static let operationTimedout = Self(CURLE_OPERATION_TIMEDOUT)
    /// The TLS handshake failed; `CURLE_SSL_CONNECT_ERROR`.
    public static let sslConnectError = Self(CURLE_SSL_CONNECT_ERROR)
    /// One of our callbacks stopped the transfer; `CURLE_ABORTED_BY_CALLBACK`.
    public static let abortedByCallback = Self(CURLE_ABORTED_BY_CALLBACK)
    /// An argument of an option is invalid; `CURLE_BAD_FUNCTION_ARGUMENT`.
    public static let badFunctionArgument = Self(CURLE_BAD_FUNCTION_ARGUMENT)
    /// This libcurl does not support an option; `CURLE_UNKNOWN_OPTION`.
    public static let unknownOption = Self(CURLE_UNKNOWN_OPTION)
    /// The server closed the connection without a response; `CURLE_GOT_NOTHING`.
    public static let gotNothing = Self(CURLE_GOT_NOTHING)
    /// Sending failed; `CURLE_SEND_ERROR`.
    public static let sendError = Self(CURLE_SEND_ERROR)
    /// Receiving failed; `CURLE_RECV_ERROR`.
    public static let recvError = Self(CURLE_RECV_ERROR)
    /// The client certificate cannot be used; `CURLE_SSL_CERTPROBLEM`.
    public static let sslCertproblem = Self(CURLE_SSL_CERTPROBLEM)
    /// The server's certificate could not be verified; `CURLE_PEER_FAILED_VERIFICATION`.
    public static let peerFailedVerification = Self(CURLE_PEER_FAILED_VERIFICATION)
    /// The body is larger than the limit; `CURLE_FILESIZE_EXCEEDED`.
    public static let filesizeExceeded = Self(CURLE_FILESIZE_EXCEEDED)
    /// TLS is required but not available; `CURLE_USE_SSL_FAILED`.
    public static let useSSLFailed = Self(CURLE_USE_SSL_FAILED)
    /// The server rejected the login; `CURLE_LOGIN_DENIED`.
    public static let loginDenied = Self(CURLE_LOGIN_DENIED)
    /// The file of certificate authorities cannot be read; `CURLE_SSL_CACERT_BADFILE`.
    public static let sslCACertBadfile = Self(CURLE_SSL_CACERT_BADFILE)
    /// The issuer check failed; `CURLE_SSL_ISSUER_ERROR`.
    public static let sslIssuerError = Self(CURLE_SSL_ISSUER_ERROR)
    /// Out of memory; `CURLE_OUT_OF_MEMORY`.
    public static let outOfMemory = Self(CURLE_OUT_OF_MEMORY)
    /// The outgoing interface cannot be used; `CURLE_INTERFACE_FAILED`.
    public static let interfaceFailed = Self(CURLE_INTERFACE_FAILED)
    /// The TLS engine was not found; `CURLE_SSL_ENGINE_NOTFOUND`.
    public static let sslEngineNotfound = Self(CURLE_SSL_ENGINE_NOTFOUND)
    /// The TLS engine cannot be used; `CURLE_SSL_ENGINE_SETFAILED`.
    public static let sslEngineSetfailed = Self(CURLE_SSL_ENGINE_SETFAILED)
    /// The requested cipher cannot be used; `CURLE_SSL_CIPHER`.
    public static let sslCipher = Self(CURLE_SSL_CIPHER)
    /// The certificate revocation list cannot be read; `CURLE_SSL_CRL_BADFILE`.
    public static let sslCRLBadfile = Self(CURLE_SSL_CRL_BADFILE)
}
