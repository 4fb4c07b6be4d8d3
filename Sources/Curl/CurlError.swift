internal import CCurl

/// A failed transfer: libcurl's code and message, and the system's `errno`.
public struct CurlError: Error, Sendable, Equatable {
    /// The kind of failure.
    public let code: CurlErrorCode

    /// libcurl's message.
    ///
    /// The corresponding C option is `CURLOPT_ERRORBUFFER`; if that is empty, this is the text of
    /// `curl_easy_strerror`. After a failed connect, the system's error text is appended.
    public let message: String

    /// The `errno` of a failed connect, or 0.
    ///
    /// The corresponding C option is `CURLINFO_OS_ERRNO`.
    public let osErrno: Int32

    /// Whether the server was connected, so that its data can be the cause.
    ///
    /// The corresponding C option is `CURLINFO_PRETRANSFER_TIME_T`.
    public let isAfterConnection: Bool

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: libcurl's message.
    ///   - osErrno: The system's error number, 0 if there is none.
    ///   - isAfterConnection: Whether the server was connected.
    public init(
        code: CurlErrorCode, message: String, osErrno: Int32 = 0, isAfterConnection: Bool = false
    ) {
        self.code = code
        self.message = message
        self.osErrno = osErrno
        self.isAfterConnection = isAfterConnection
    }
}

extension CurlError {
    /// The server has answered without an HTTP status line; libcurl's code is the same.
    static let notHTTP = CurlError(
        code: .unsupportedProtocol, message: "The answer is not HTTP", isAfterConnection: true)

    /// Whether the server has answered without an HTTP status line.
    public var isNotHTTP: Bool { code == .unsupportedProtocol && isAfterConnection }
}

extension CurlError: CustomStringConvertible {
    /// The message as one clause, with a lower-case first letter and without a full stop.
    public var description: String {
        var text = message[...]
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        guard let first = text.first else { return "libcurl error \(code.rawValue)" }
        // Keeps the capitals of "SSL certificate problem" and "OpenSSL SSL_read".
        let word = text.prefix { !$0.isWhitespace }
        if word.dropFirst().contains(where: \.isUppercase) { return String(text) }
        return first.lowercased() + text.dropFirst()
    }
}
