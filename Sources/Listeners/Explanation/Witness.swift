// Knows of each incident what can be known, from the moment at which it is seen.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Knows of each incident what can be known: at once what this program remembers, soon what can be
/// found out.
final class Witness {
    private let resident: Resident
    private let investigator: Investigator
    private let client: SupervisorClient?
    private let lineCount: Int
    private var register = DeathRegister()
    private var undecided: [Int: () -> Void] = [:]
    private var count = 0
    private var isFinishing = false

    /// How long the event that tells of a shutdown may take.
    private static let patience = Duration.milliseconds(300)

    /// Whether supervisord has said that it is shutting down.
    var isShuttingDown = false

    init(_ resident: Resident, client: SupervisorClient?, lineCount: Int) {
        self.resident = resident
        self.client = client
        self.lineCount = lineCount
        investigator = Investigator(resident)
    }

    /// Makes an incident of a change of state.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - kind: What it is.
    ///   - message: What superlance says of it.
    ///   - time: When it was seen.
    /// - Returns: The incident, with what is known at once.
    func incident(
        _ change: ProcessStateChange, _ kind: Incident.Kind, message: String, at time: Timestamp
    ) -> Incident {
        var explanation = Explanation()
        explanation.host = HostName.current
        explanation.deaths = register.note(change.process, at: .now)
        let process = Incident.Process(
            group: change.process.group, name: change.process.name, pid: change.pid,
            fromState: change.fromState)
        return Incident(
            kind, at: time, to: process, message: message, explanation: explanation,
            header: resident.header)
    }

    /// Finds out more about an incident.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - isOld: Whether it happened a while ago, so that a shutdown has nothing to do with it.
    ///   - completion: Called with what is known then; with nothing if it is none, because
    ///     supervisord is shutting down.
    func explain(
        _ incident: Incident, isOld: Bool = false, completion: @escaping (Incident?) -> Void
    ) {
        guard let client, let process = incident.process else { return completion(incident) }
        let investigation = Investigation(
            process: Namespec(group: process.group, name: process.name), pid: process.pid,
            time: incident.time.seconds, lineCount: lineCount, client: client)
        investigator.explain(investigation) { [unowned self] result in
            switch result {
            case .shutdown where isOld:
                completion(incident)
            case .shutdown:
                decideSoon { [unowned self] in
                    // What ends after the event that tells of the shutdown is not looked into.
                    if isShuttingDown { return completion(incident) }
                    resident.log.note(
                        "not telling, supervisord is shutting down: \(incident.message)")
                    completion(nil)
                }
            case .explained(let found):
                var explained = incident
                explained.explanation = incident.explanation?.adding(found) ?? found
                completion(explained)
            }
        }
    }

    /// Waits for the event that tells of the shutdown, which may come after the answer to a call.
    private func decideSoon(_ decide: @escaping () -> Void) {
        guard !isFinishing else { return decide() }
        count += 1
        let number = count
        undecided[number] = decide
        resident.loop.after(Self.patience) { [weak self] in
            self?.undecided.removeValue(forKey: number)?()
        }
    }

    /// Brings what is open to an end, since the program ends.
    ///
    /// - Parameter completion: Called once, when nothing is open any more.
    func finish(_ completion: @escaping () -> Void) {
        isFinishing = true
        let open = undecided.sorted { $0.key < $1.key }
        undecided = [:]
        for (_, decide) in open { decide() }
        investigator.finish(completion)
    }
}
