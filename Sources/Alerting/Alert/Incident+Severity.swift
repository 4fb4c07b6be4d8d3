// How urgent an incident is.

extension Incident {
    /// How urgent an incident is, in the words of Prometheus and PagerDuty.
    package enum Severity: String, Sendable {
        /// Something is down.
        case critical
        /// Something failed, and may work again.
        case warning
        /// Nothing is wrong, or not any more.
        case info
    }

    /// How urgent it is.
    package var severity: Severity { kind.severity }
}

extension Incident.Kind {
    /// How urgent incidents of this kind are.
    package var severity: Incident.Severity {
        switch self {
        case .fatal, .unhealthy, .gaveUp: .critical
        case .exited, .memory, .other: .warning
        case .recovered, .test: .info
        }
    }
}

extension Incident.Severity {
    /// The colour in which channels show it, in the notation of CSS.
    var color: String {
        switch self {
        case .critical: "#c62828"
        case .warning: "#ef8f00"
        case .info: "#2e7d32"
        }
    }
}

extension Alert {
    /// How urgent the most urgent incident is.
    var severity: Incident.Severity {
        let severities = Set(effectiveIncidents.map(\.severity))
        return [.critical, .warning].first(where: severities.contains) ?? .info
    }
}
