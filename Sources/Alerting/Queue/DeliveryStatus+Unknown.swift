internal import EventLoop

extension DeliveryStatus {
    /// The status of a delivery whose worker reported none: it is retried.
    ///
    /// - Parameters:
    ///   - end: How the worker ended.
    ///   - server: The server or service, for the log.
    /// - Returns: The status.
    static func unknown(_ end: ChildReport.End, at server: String) -> DeliveryStatus {
        switch end {
        case .exited: .later("the status of the delivery to \(server) is unknown")
        case .signalled(let number):
            .later("the delivery to \(server) was terminated by signal \(number)")
        case .timedOut: .later("the delivery to \(server) timed out")
        case .notStarted(let error), .unknown(let error): .later("\(error)")
        }
    }
}
