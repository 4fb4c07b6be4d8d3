// The form in which a web service takes alerts.

/// The form in which a web service takes alerts.
protocol WebFormat: Sendable {
    /// The body of the request that tells an alert. It is made in a worker.
    ///
    /// - Parameter alert: The alert, or a digest of several.
    /// - Returns: The body; nothing if there is nothing to tell.
    /// - Throws: ``WebFormatError`` when it cannot be made.
    func body(of alert: Alert) throws(WebFormatError) -> [UInt8]?

    /// What an answer means that says by its status that all is well.
    ///
    /// - Parameter answer: The answer's body.
    /// - Returns: Whether all is well.
    func accepts(_ answer: [UInt8]) -> Bool
}

extension WebFormat {
    /// Most services mean what their status says.
    func accepts(_ answer: [UInt8]) -> Bool { true }
}

/// Why a body cannot be made.
struct WebFormatError: Error {
    /// The reason, in one clause.
    let reason: String

    /// Whether it may be possible later.
    let mayPass: Bool
}
