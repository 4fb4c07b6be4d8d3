// The parts of a headline.

internal import ListenerProtocol
internal import System
internal import Text

extension Incident {
    /// The process or the URL that it is about.
    package var topic: String? { check?.url ?? process?.description }

    /// What happened, as a predicate.
    var headlinePredicate: String {
        if let predicate { return predicate }
        return switch kind {
        case .exited: "crashed"
        case .fatal: "failed to start"
        case .unhealthy: "failed"
        case .memory: "exceeded its memory limit"
        case .gaveUp: "is no longer restarted"
        case .recovered: recoveryPredicate
        case .other, .test: String(message.firstLine)
        }
    }

    private var recoveryPredicate: String {
        guard let recovery else {
            return topic == nil ? String(message.firstLine) : "recovered"
        }
        return Self.recovered(after: time.seconds - recovery.since.seconds)
    }

    /// That it has recovered, as a predicate.
    ///
    /// - Parameter seconds: How long it lasted, without the time for which it was watched since.
    /// - Returns: The predicate.
    package static func recovered(after seconds: Int) -> String {
        seconds > 0 ? "recovered after \(Diagnostics.roughDuration(seconds))" : "recovered"
    }

    /// Why it happened, in words.
    var headlineReason: String? { reason ?? ending?.endingWords }

    /// Why it happened, without the time that the process ran, which several hardly have in common.
    var commonReason: String? { reason ?? ending?.causeWords }

    /// How the process ended, if the incident is about that.
    private var ending: Diagnostics? { [.exited, .fatal].contains(kind) ? diagnostics : nil }
}
