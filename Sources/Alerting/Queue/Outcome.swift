/// What became of an alert in an attempt, over all of its targets.
struct Outcome: Equatable {
    private(set) var accepted: [String] = []
    /// Who is tried again.
    private(set) var later: [String] = []
    private(set) var tooLarge: [String] = []
    private(set) var refused: [String] = []
    private var reasons: [String] = []
    /// Those among ``later`` for whom somebody has to change something.
    private var blocked: [String] = []
    /// The minimum pause requested by the server.
    private(set) var pause = Duration.zero
    /// The largest message that the other side takes, in bytes, if it has named it.
    private(set) var limit: Int?

    /// Sorts targets by their statuses; one without a status is tried again.
    ///
    /// - Parameters:
    ///   - targets: The targets.
    ///   - statuses: Their statuses.
    ///   - hasArrived: Whether somebody has got the alert before.
    init(targets: [String], statuses: [String: DeliveryStatus], hasArrived: Bool) {
        for target in targets {
            switch statuses[target] ?? .later("the delivery status is unknown") {
            case .accepted:
                accepted.append(target)
            case .later(let reason, let pause):
                self.pause = max(self.pause, pause ?? .zero)
                later.append(target)
                note(reason)
            case .blocked(let reason):
                blocked.append(target)
                note(reason)
            case .tooLarge(let reason, let limit):
                self.limit = limit ?? self.limit
                tooLarge.append(target)
                note(reason)
            case .refused(let reason):
                refused.append(target)
                note(reason)
            }
        }
        // An alert that somebody has got is not lost; nobody waits for a change on its account.
        if hasArrived || !accepted.isEmpty {
            refused += blocked
            blocked = []
        } else {
            later += blocked
        }
    }

    private mutating func note(_ reason: String) {
        if !reasons.contains(reason) { reasons.append(reason) }
    }

    /// All reasons as one clause.
    var reason: String { reasons.joined(separator: "; ") }

    /// Whether nothing but somebody's change helps.
    var isBlocked: Bool { !blocked.isEmpty && blocked.count == later.count }

    /// Whether the other side has judged the message, whatever its judgement.
    var isJudged: Bool { !accepted.isEmpty || !tooLarge.isEmpty || later.isEmpty }
}
