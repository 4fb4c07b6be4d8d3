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

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: libcurl's message.
    ///   - osErrno: The system's error number, 0 if there is none.
    public init(code: CurlErrorCode, message: String, osErrno: Int32 = 0) {
        self.code = code
        self.message = message
        self.osErrno = osErrno
    }
}

extension CurlError: CustomStringConvertible {
    /// The message as one clause, with a lower-case first letter and without a full stop.
    public var description: String {
        var text = message[...]
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        guard let first = text.first else { return "libcurl error \(code.rawValue)" }
        // Keeps the capitals of "SSL certificate problem".
        if let second = text.dropFirst().first, second.isUppercase { return String(text) }
        return first.lowercased() + text.dropFirst()
    }
}
