import ListenerProtocol

/// A program of a model supervisord: which states it goes through, and when.
///
/// Source: Supervisor manual, "Process States".
struct ModelProgram {
    /// A change of state, as an event reports it.
    struct Change {
        let name: EventName
        let fromState: String
        var isExpected: Bool?
    }

    private(set) var state = "STOPPED"
    /// When it changes its state by itself, in seconds.
    private(set) var due: Double?
    /// The share of starts that fail.
    let failures: Double
    let startRetries: Int
    let isRestarted: Bool

    private var retries = 0
    private var willFail = false

    init(_ generator: inout SeededGenerator) {
        failures = [0, 0.3, 0.7, 1].randomElement(using: &generator) ?? 0
        startRetries = Int.random(in: 0...3, using: &generator)
        isRestarted = generator.chance(0.6)
    }

    var isUp: Bool { ["STARTING", "RUNNING", "BACKOFF"].contains(state) }

    /// Starts it.
    mutating func start(at now: Double, _ generator: inout SeededGenerator) -> [Change] {
        retries = 0
        return spawn(at: now, &generator)
    }

    /// Stops it, as a person does.
    mutating func stop() -> [Change] {
        guard isUp else { return [] }
        due = nil
        // A program in BACKOFF has no process that would have to stop.
        return state == "BACKOFF" ? [to("STOPPED")] : [to("STOPPING"), to("STOPPED")]
    }

    /// Does what is due.
    mutating func proceed(at now: Double, _ generator: inout SeededGenerator) -> [Change] {
        switch state {
        case "STARTING" where willFail:
            retries += 1
            due = now + Double(retries)
            return [to("BACKOFF")]
        case "STARTING":
            let longest: Double = [2, 700, 5_000].randomElement(using: &generator) ?? 2
            due = now + Double.random(in: 0.1...longest, using: &generator)
            return [to("RUNNING")]
        case "BACKOFF" where retries > startRetries:
            due = nil
            return [to("FATAL")]
        case "RUNNING":
            // supervisord starts an exited program with its next look, a second later at most.
            let rest = Double.random(in: 0.05...0.95, using: &generator)
            due = isRestarted ? now + rest : nil
            return [to("EXITED", isExpected: generator.chance(0.3))]
        default:
            return spawn(at: now, &generator)
        }
    }

    private mutating func spawn(at now: Double, _ generator: inout SeededGenerator) -> [Change] {
        willFail = generator.chance(failures)
        due = now + (willFail ? 0.2 : 1)
        return [to("STARTING")]
    }

    private mutating func to(_ next: String, isExpected: Bool? = nil) -> Change {
        let change = Change(
            name: EventName(rawValue: "PROCESS_STATE_\(next)"), fromState: state,
            isExpected: isExpected)
        state = next
        return change
    }
}
