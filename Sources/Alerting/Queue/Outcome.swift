// What became of an attempt, over all of its targets.

/// What became of an attempt, over all of its targets.
struct Outcome {
    private(set) var accepted: [String] = []
    private(set) var later: [String] = []
    private(set) var refused: [String] = []
    private var reasons: [String] = []
    /// How long the other side asked to be left alone, at least.
    private(set) var pause = Duration.zero

    /// Sorts targets by their statuses; one without a status is tried again.
    init(targets: [String], statuses: [String: DeliveryStatus]) {
        for target in targets {
            switch statuses[target] ?? .later("nothing is known of what became of it") {
            case .accepted:
                accepted.append(target)
            case .later(let reason, let pause):
                self.pause = max(self.pause, pause ?? .zero)
                later.append(target)
                note(reason)
            case .refused(let reason):
                refused.append(target)
                note(reason)
            }
        }
    }

    private mutating func note(_ reason: String) {
        if !reasons.contains(reason) { reasons.append(reason) }
    }

    /// All reasons in one clause.
    var reason: String { reasons.joined(separator: "; ") }
}
