// Tests a mail server without sending a message.

internal import CCurl

extension SMTPServer {
    /// Connects, encrypts and logs in as for a message, but sends none.
    ///
    /// Blocks as ``send(from:to:message:timeouts:)`` does.
    ///
    /// - Parameter timeout: The timeout for the whole probe; `CURLOPT_TIMEOUT_MS`.
    /// - Returns: Why a message could not be sent; nil if it could.
    public func probe(timeout: Duration) -> String? {
        SMTPTransfer(server: self, message: [], timeouts: .standard).probe(timeout: timeout)
    }
}
