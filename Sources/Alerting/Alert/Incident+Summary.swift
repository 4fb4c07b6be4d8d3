// An incident in one line, without the moment at which it happened.

internal import ListenerProtocol
package import System

extension Incident {
    /// The incident in one line of plain words.
    ///
    /// It has no timestamps and no figures that differ each time, so that a service which groups
    /// alerts shows the same line for the same thing.
    public var summary: String {
        if let recovery { return resolved(recovery.kind) }
        return switch kind {
        case .exited: "\(subject) exited unexpectedly"
        case .fatal: "\(subject) failed to start too many times"
        case .unhealthy: "The check of \(site) failed"
        case .memory: "\(subject) exceeded its memory limit"
        case .gaveUp: "Restarts do not help \(process.map { "process \($0)" } ?? "a process")"
        case .recovered: "\(subject) has recovered"
        case .other, .test: firstLine
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

    private var firstLine: String {
        String(message.prefix { !$0.isNewline })
    }
}

extension Incident.Kind {
    /// How long an alert is repeated to services that forget it, if nothing says that it is
    /// resolved, in seconds; nothing for what is over when it is reported.
    package var longestActivity: Int? {
        switch self {
        // These last until something changes.
        case .fatal, .unhealthy, .gaveUp: 604_800
        // These have happened; what comes after them may be seen by nobody.
        case .exited, .memory: 86_400
        case .recovered, .other, .test: nil
        }
    }
}

extension Incident {
    /// Whether it is recent enough to be repeated.
    ///
    /// - Parameter now: The present moment.
    /// - Returns: Whether nothing but its resolution ends it.
    package func isActive(at now: Timestamp) -> Bool {
        kind.longestActivity.map { now.seconds < time.seconds + $0 } ?? false
    }
}
