// What went wrong in a transfer: libcurl's code, its words, and the system's errno.

internal import CCurl

/// A transfer that did not come to its end.
public struct CurlError: Error, Sendable, Equatable {
    /// What kind of failure it was.
    public let code: CurlErrorCode

    /// The reason in words, as libcurl wrote it.
    ///
    /// The corresponding C option is `CURLOPT_ERRORBUFFER`; where it stayed empty, this is the text
    /// of `curl_easy_strerror`. A connect that failed has the system's words behind it.
    public let message: String

    /// The `errno` of the connect that failed, or 0.
    ///
    /// The corresponding C option is `CURLINFO_OS_ERRNO`.
    public let osErrno: Int32

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: The reason in words.
    ///   - osErrno: The system's error number, 0 if there is none.
    public init(code: CurlErrorCode, message: String, osErrno: Int32 = 0) {
        self.code = code
        self.message = message
        self.osErrno = osErrno
    }
}

extension CurlError: CustomStringConvertible {
    /// The message as one clause: lower case at its start, no full stop at its end.
    public var description: String {
        var text = message[...]
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        guard let first = text.first else { return "libcurl error \(code.rawValue)" }
        // "SSL certificate problem" keeps its capitals.
        if let second = text.dropFirst().first, second.isUppercase { return String(text) }
        return first.lowercased() + text.dropFirst()
    }
}
