internal import Alerting

/// Which incidents of an alert have the same recipients: with routes, each address has a mail about
/// its own programs only, with a subject of its own.
struct AlertRoutes {
    private let channels: [any Channel]
    private let title: ((Alert) -> String)?

    /// Finds the routes.
    ///
    /// - Parameters:
    ///   - channels: The alert channels.
    ///   - title: Makes the subject of a first mail as set; nil for superlance's.
    init(_ channels: [any Channel] = [], title: ((Alert) -> String)? = nil) {
        self.channels = channels.filter { $0 is RoutedChannel }
        self.title = title
    }

    private func recipients(of incident: Incident) -> [Bool] {
        channels.map { $0.concerns(incident) }
    }

    /// Prepares the starts of the threads that an alert begins.
    ///
    /// - Parameter alert: The alert.
    /// - Returns: A function from an incident to the mail as its recipients get it.
    func starts(of alert: Alert) -> (Incident) -> ThreadStart {
        guard !channels.isEmpty, alert.incidents.count > 1 else {
            let start = ThreadStart(alert)
            return { _ in start }
        }
        var starts: [[Bool]: ThreadStart] = [:]
        for own in Set(alert.incidents.map(recipients)) {
            let part = alert.restricted(to: { recipients(of: $0) == own }, titled: title)
            starts[own] = ThreadStart(part)
        }
        return { [starts] in starts[recipients(of: $0)] ?? ThreadStart(alert) }
    }

    /// Splits counted incidents by their recipients.
    ///
    /// - Parameter incidents: The incidents, in order.
    /// - Returns: The groups, in the order of their first incidents.
    func split(_ incidents: [RepeatedIncident]) -> [[RepeatedIncident]] {
        let groups = Dictionary(grouping: incidents) { recipients(of: $0.latest) }
        return groups.values.sorted { left, right in
            guard let left = left.first, let right = right.first else { return false }
            return left.first < right.first
        }
    }
}
