// An incident as one line.

internal import ListenerProtocol
package import System
internal import Text

extension Incident {
    /// The incident as one line.
    ///
    /// It has no times or varying numbers, so that a service that groups alerts shows the same line
    /// for the same kind of incident.
    public var summary: String {
        if let recovery { return resolved(recovery.kind) }
        return switch kind {
        case .exited: "\(subject) exited unexpectedly"
        case .fatal: "\(subject) failed to start too many times"
        case .unhealthy: "The check of \(site) failed"
        case .memory: "\(subject) exceeded its memory limit"
        case .gaveUp: "Restarts do not help \(process.map { "process \($0)" } ?? "a process")"
        case .recovered: "\(subject) has recovered"
        case .other, .test: String(message.firstLine)
        }
    }

    private func resolved(_ kind: Kind) -> String {
        switch kind {
        case .exited, .fatal: "\(subject) is running again"
        case .unhealthy: "The check of \(site) succeeds again"
        case .memory: "\(subject) is below its memory limit again"
        case .gaveUp: "\(subject) has recovered"
        case .recovered, .other, .test: "\(subject) has recovered"
        }
    }

    private var subject: String { process.map { "Process \($0)" } ?? "A process" }

    private var site: String {
        guard let check else { return "a site" }
        return check.name.map { "\(check.url) (\($0))" } ?? check.url
    }
}

extension Incident.Kind {
    /// How long an alert without a resolution is repeated to services that expire it, in seconds;
    /// nil for incidents without a duration.
    package var longestActivity: Int? {
        switch self {
        // These last until something changes.
        case .fatal, .unhealthy, .gaveUp: 604_800
        // The recovery from these may not be observed.
        case .exited, .memory: 86_400
        case .recovered, .other, .test: nil
        }
    }
}

extension Incident {
    /// Returns whether the alert is recent enough to be repeated.
    ///
    /// - Parameter now: The current time.
    /// - Returns: Whether it is still active unless it was resolved.
    package func isActive(at now: Timestamp) -> Bool {
        kind.longestActivity.map { now.seconds < time.seconds + $0 } ?? false
    }
}
