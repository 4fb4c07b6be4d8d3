// The text of an alert if the reason for the end of a process can no longer be determined.

internal import Alerting

extension Incident {
    /// Whether no reason is known.
    var lacksReason: Bool { reason == nil && diagnostics?.causeWords == nil }

    /// Adds that the reason remains unknown, unless it is known.
    ///
    /// The earlier run that received the event was killed before it could ask for the reason.
    mutating func noteUnknownReason() {
        guard lacksReason else { return }
        var found = diagnostics ?? Diagnostics()
        guard !found.sections.contains(Self.unknownReason) else { return }
        found.sections.append(Self.unknownReason)
        diagnostics = found
    }

    private static let unknownReason =
        "The reason is unknown: this listener was killed before it had asked supervisord for it, "
        + "and could not determine it later."
}
