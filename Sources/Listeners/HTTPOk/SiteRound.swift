// All that comes of one check that failed: the log's lines in their order, and one alert.

internal import Alerting
internal import ListenerProtocol
internal import System

/// All that comes of one check that failed: the log's lines in their order, and one alert.
final class SiteRound {
    private struct Slot {
        var lines: [String] = []
        var isLogged = false
        var isOpen = false
    }

    private let check: Incident.Check
    private let process: ProcessName?
    private let log: Log
    private let time = Timestamp.now
    private var diagnostics: Diagnostics
    private var slots: [Slot] = []
    private var loggedCount = 0
    private let alert: (Incident) -> Void
    private let end: () -> Void
    private var isClosed = false

    /// Whether something was done.
    private var hasActed = false
    /// Whether something was not done because of the policy.
    private var isHeld = false

    /// Begins.
    ///
    /// - Parameters:
    ///   - check: The check that failed.
    ///   - process: The process of the site, if there is exactly one.
    ///   - diagnostics: What is known of the place.
    ///   - log: Where lines go.
    ///   - alert: Called at the end if there is something to alert about.
    ///   - end: Called after that.
    init(
        of check: Incident.Check, _ process: ProcessName?, diagnostics: Diagnostics, log: Log,
        alert: @escaping (Incident) -> Void, end: @escaping () -> Void
    ) {
        self.check = check
        self.process = process
        self.diagnostics = diagnostics
        self.log = log
        self.alert = alert
        self.end = end
    }

    /// Adds a line, or more.
    func add(_ line: String, isLogged: Bool = false) {
        slots.append(Slot(lines: [line], isLogged: isLogged))
        flush()
    }

    /// Adds why the policy leaves a process alone; that is logged elsewhere.
    func hold(_ line: String) {
        isHeld = true
        add(line, isLogged: true)
    }

    /// Notes that the policy wants no alert yet.
    func hold() {
        isHeld = true
    }

    /// Leaves room for what a worker will say and log.
    ///
    /// - Returns: The place.
    func open() -> Int {
        slots.append(Slot(isLogged: true, isOpen: true))
        return slots.count - 1
    }

    /// Fills the room.
    func fill(_ place: Int, _ parts: [SiteRestart.Part], _ outcome: RestartOutcome) {
        slots[place].lines = parts.compactMap(\.line)
        slots[place].isOpen = false
        diagnostics.sections += parts.compactMap(\.section)
        switch outcome {
        case .spared, .refused: isHeld = true
        default: hasActed = true
        }
        flush()
        endIfDone()
    }

    /// Nothing more is added.
    func close() {
        isClosed = true
        endIfDone()
    }

    /// Logs what stands behind no open place.
    private func flush() {
        while loggedCount < slots.count, !slots[loggedCount].isOpen {
            if !slots[loggedCount].isLogged {
                for line in slots[loggedCount].lines { log.say(line) }
            }
            loggedCount += 1
        }
    }

    private func endIfDone() {
        guard isClosed, !slots.contains(where: \.isOpen) else { return }
        isClosed = false
        defer { end() }
        guard hasActed || !isHeld else { return }
        let message = slots.flatMap(\.lines).joined(separator: "\n")
        var incident = Incident(
            .unhealthy, at: time, to: process, message: message, diagnostics: diagnostics)
        incident.check = check
        alert(incident)
    }
}
