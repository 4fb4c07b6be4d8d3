/// The results of the incidents of one alert, for a channel that can send them apart.
public struct IncidentStatuses {
    /// The result of each incident, in their order.
    let statuses: [DeliveryStatus]

    /// Whether they were sent in several requests.
    let isDivided: Bool

    /// Whether the service responded to a request that failed, so that its content may be the cause.
    let isAnswered: Bool

    /// The result of the alert: the first failure.
    var joint: DeliveryStatus? { statuses.first { $0 != .accepted } ?? statuses.first }

    /// Whether the incidents are to be sent apart from now on.
    ///
    /// - Parameter failures: How often the alert has failed on its own before.
    /// - Returns: Whether one of them may be the cause of a failure that the others suffer from, or
    ///   some were accepted.
    func requireDivision(after failures: Int) -> Bool {
        guard let first = statuses.first, statuses.count > 1 else { return false }
        if statuses.contains(where: { $0 != first }) { return true }
        switch first {
        case .accepted, .tooLarge: return false
        case .refused: return true
        case .blocked: return isAnswered && isDivided
        // A service that is down for a moment should get several incidents as one message.
        case .later: return isAnswered && (isDivided || failures >= Self.patience)
        }
    }

    /// How often an alert in one request fails before it is divided.
    private static let patience = 2
}
