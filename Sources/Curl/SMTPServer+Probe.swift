// Whether a mail server would take mail, found out without sending any.

internal import CCurl

extension SMTPServer {
    /// Connects, encrypts and logs in as for a message, and sends none.
    ///
    /// Blocks as ``send(from:to:message:timeout:)`` does.
    ///
    /// - Parameter timeout: The time for all of it; `CURLOPT_TIMEOUT_MS`.
    /// - Returns: What would keep a message from being sent; nothing if nothing would.
    public func probe(timeout: Duration) -> String? {
        SMTPTransfer(server: self, message: []).probe(timeout: timeout)
    }
}
