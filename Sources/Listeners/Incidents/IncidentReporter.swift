internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Collects the details of each incident: immediately what this program remembers, then the result
/// of the diagnosis.
final class IncidentReporter {
    private unowned let runtime: Runtime
    private let investigator: DiagnosisQueue
    private let client: SupervisorClient?
    private let lineCount: Int
    private var register = CrashHistory()
    private var undecided: [Int: () -> Void] = [:]
    private var count = 0
    private var isFinishing = false

    /// How long to wait for the event that announces a shutdown.
    private static let patience = Duration.milliseconds(300)

    /// Whether supervisord has announced its shutdown.
    var isShuttingDown = false

    init(_ runtime: Runtime, client: SupervisorClient?, lineCount: Int) {
        self.runtime = runtime
        self.client = client
        self.lineCount = lineCount
        investigator = DiagnosisQueue(runtime)
    }

    /// Creates an incident from a change of state.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - kind: The kind of incident.
    ///   - message: superlance's message.
    ///   - time: When the event was received.
    /// - Returns: The incident, with the details that are known immediately.
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

    /// Adds the diagnosis to an incident.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - isOld: Whether it occurred earlier, so that a current shutdown cannot be the cause.
    ///   - completion: Called with the completed incident, or with nil if a shutdown of supervisord
    ///     is the cause.
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
                    // Exits after the announcement of the shutdown are not diagnosed.
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

    /// Waits for the event that announces the shutdown, which may arrive after the RPC result.
    private func decideSoon(_ decide: @escaping () -> Void) {
        guard !isFinishing else { return decide() }
        count += 1
        let number = count
        undecided[number] = decide
        runtime.loop.after(Self.patience) { [weak self] in
            self?.undecided.removeValue(forKey: number)?()
        }
    }

    /// Completes all open diagnoses before the program exits.
    ///
    /// - Parameter completion: Called once when no diagnosis is open.
    func finish(_ completion: @escaping () -> Void) {
        isFinishing = true
        let open = undecided.sorted { $0.key < $1.key }
        undecided = [:]
        for (_, decide) in open { decide() }
        investigator.finish(completion)
    }
}
