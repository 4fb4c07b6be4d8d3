// Knows of each incident what can be known, from the moment at which it is seen.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Knows of each incident what can be known: at once what this program remembers, soon what can be
/// found out.
final class IncidentReporter {
    private unowned let runtime: Runtime
    private let investigator: DiagnosisQueue
    private let client: SupervisorClient?
    private let lineCount: Int
    private var register = CrashHistory()
    private var undecided: [Int: () -> Void] = [:]
    private var count = 0
    private var isFinishing = false

    /// How long the event that tells of a shutdown may take.
    private static let patience = Duration.milliseconds(300)

    /// Whether supervisord has said that it is shutting down.
    var isShuttingDown = false

    init(_ runtime: Runtime, client: SupervisorClient?, lineCount: Int) {
        self.runtime = runtime
        self.client = client
        self.lineCount = lineCount
        investigator = DiagnosisQueue(runtime)
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
        var diagnostics = Diagnostics()
        diagnostics.host = HostName.current
        diagnostics.deaths = register.note(change.process, at: .now)
        return Incident(
            kind, at: time, to: change.process, pid: change.pid, fromState: change.fromState,
            message: message, diagnostics: diagnostics,
            header: runtime.alerts.header)
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
        let investigation = Diagnosis(
            process: process, pid: incident.pid,
            time: incident.time.seconds, lineCount: lineCount, client: client)
        investigator.explain(investigation) { [unowned self] result in
            switch result {
            case .shutdown where isOld:
                completion(incident)
            case .shutdown:
                decideSoon { [unowned self] in
                    // What ends after the event that tells of the shutdown is not looked into.
                    if isShuttingDown { return completion(incident) }
                    runtime.log.note(
                        "not telling, supervisord is shutting down: \(incident.message)")
                    completion(nil)
                }
            case .explained(let found):
                var explained = incident
                explained.diagnostics = incident.diagnostics?.adding(found) ?? found
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
        runtime.loop.after(Self.patience) { [weak self] in
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
