/// The result of an attempt for one alert, over all of its targets.
struct Outcome: Equatable {
    private(set) var accepted: [String] = []
    /// The targets to retry.
    private(set) var later: [String] = []
    private(set) var tooLarge: [String] = []
    private(set) var refused: [String] = []
    private var reasons: [String] = []
    /// The targets among ``later`` that fail until an operator fixes the cause.
    private var blocked: [String] = []
    /// The minimum pause requested by the server.
    private(set) var pause = Duration.zero
    /// The largest message that the server accepts in bytes, if known.
    private(set) var limit: Int?
    /// Whether the size is certainly the cause of ``tooLarge``.
    private(set) var isSizeCertain = true

    /// Groups targets by their statuses; a target without a status is retried.
    ///
    /// - Parameters:
    ///   - targets: The targets.
    ///   - statuses: Their statuses.
    ///   - hasArrived: Whether a target has received the alert before.
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
            case .tooLarge(let reason, let limit, let isCertain):
                self.limit = limit ?? self.limit
                isSizeCertain = isSizeCertain && isCertain
                tooLarge.append(target)
                note(reason)
            case .refused(let reason):
                refused.append(target)
                note(reason)
            }
        }
        // An alert that one target has received is not lost, so it does not wait for the others.
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

    /// Whether a retry can succeed only after an operator has fixed the cause.
    var isBlocked: Bool { !blocked.isEmpty && blocked.count == later.count }

    /// The outcome for an alert that cannot be made smaller: a rejection.
    var rejectingTooLarge: Outcome {
        var outcome = self
        outcome.refused = tooLarge
        outcome.tooLarge = []
        return outcome
    }

    /// What an operator can change if a mail server rejects even headlines as too large.
    var sizeRemedy: String {
        isSizeCertain
            ? "raise the size limit of the mail server: it rejects even headlines"
            : "check the size limit of the mail server, and whether the mailbox is full"
    }

    /// Whether the server has accepted or rejected the message itself.
    var isConclusive: Bool { !accepted.isEmpty || !tooLarge.isEmpty || later.isEmpty }
}
