internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Collects the details of each incident: immediately what this program remembers, then the result
/// of the diagnosis.
final class IncidentReporter {
    private unowned let runtime: Runtime
    private let diagnoses: DiagnosisQueue?
    private let catalog: ProcessCatalog?
    /// The connection to supervisord, unless alerts have no diagnostics.
    private let client: SupervisorClient?
    /// Where the lines of the last processes with a name are, by their identifiers: the diagnosis
    /// may be much later.
    private var lastSpans: [ProcessName: [(pid: Int?, span: LogSpan)]] = [:]
    private var crashHistory = CrashHistory()
    private var undecided: [Int: () -> Void] = [:]
    private var count = 0
    private var isFinishing = false

    /// How long to wait for the event that announces a shutdown.
    private static let delay = Duration.milliseconds(300)

    /// Whether supervisord has announced its shutdown.
    private var isShuttingDown = false

    /// Creates a reporter.
    ///
    /// - Parameters:
    ///   - runtime: The program, which outlives the reporter.
    ///   - client: The connection to supervisord, if there is one.
    ///   - lineCount: How many lines of each log to include; nil to determine only whether
    ///     supervisord is shutting down.
    init(_ runtime: Runtime, client: SupervisorClient?, lineCount: Int?) {
        self.runtime = runtime
        let catalog = client.flatMap { client in
            lineCount.map { _ in ProcessCatalog(runtime, client: client) }
        }
        self.catalog = catalog
        self.client = catalog == nil ? nil : client
        diagnoses = client.map { client in
            DiagnosisQueue(runtime, client: client, catalog: catalog, lineCount: lineCount)
        }
        runtime.alerts.completeRestored = { [unowned self] ticket, alert in
            restore(ticket, alert)
        }
    }

    /// Logs that an alert is omitted, if a shutdown of supervisord is the cause.
    ///
    /// - Parameters:
    ///   - message: superlance's message.
    ///   - kind: The kind of incident; a failed start is never a consequence of a shutdown.
    /// - Returns: Whether a shutdown is the cause.
    func suppresses(_ message: String, _ kind: Incident.Kind) -> Bool {
        guard isShuttingDown, kind != .fatal else { return false }
        reportSuppressed(message)
        return true
    }

    /// Records an event of any kind.
    ///
    /// This comes first, because the next process may already be writing.
    func note(_ content: EventContent, of name: EventName? = nil) {
        catalog?.note(content, of: name)
        if case .supervisorStopping = content { isShuttingDown = true }
        if case .processState(let change) = content, let name {
            runtime.alerts.threads.note(change.process, name, at: .now)
        }
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
        if let catalog {
            // A crash that is counted, and the failed starts after it.
            let earlier = (lastSpans[change.process] ?? []).suffix(1)
            lastSpans[change.process] =
                earlier + [(change.pid, catalog.span(of: change.process))]
        }
        var diagnostics = Diagnostics()
        diagnostics.host = HostName.current
        (diagnostics.crashes, diagnostics.deaths) = crashHistory.note(change.process, at: .now)
        return Incident(
            kind, at: time, to: change.process, pid: change.pid, fromState: change.fromStateName,
            message: message, diagnostics: diagnostics,
            header: runtime.alerts.header)
    }

    /// Adds the diagnosis to an incident.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - isOld: Whether it occurred earlier, so that a current shutdown cannot be the cause.
    ///   - atOnce: Whether to skip the delay after which the process's new state is known.
    ///   - completion: Called with the completed incident, or with nil if a shutdown of supervisord
    ///     is the cause.
    func explain(
        _ incident: Incident, isOld: Bool = false, atOnce: Bool = false,
        completion: @escaping (Incident?) -> Void
    ) {
        guard let diagnoses, let process = incident.process else { return completion(incident) }
        var open = DiagnosisCase(
            process: process, pid: incident.pid, kind: incident.kind, time: incident.time)
        open.isOld = isOld
        if let last = lastSpans[process]?.last(where: { $0.pid == incident.pid }) {
            open.span = last.span
        } else if atOnce {
            open.span = catalog?.span(of: process)
        }
        let delay = isOld || atOnce ? .zero : Aftermath.delay
        diagnoses.explain(open, after: delay) { [unowned self] result in
            switch result {
            case .shutdown where isOld || incident.kind == .fatal:
                completion(incident)
            case .shutdown:
                decideSoon { [unowned self] in
                    // Exits after the announcement of the shutdown are not diagnosed.
                    if isShuttingDown { return completion(incident) }
                    reportSuppressed(incident.message)
                    completion(nil)
                }
            case .explained(let found):
                var explained = incident
                explained.diagnostics = incident.diagnostics?.adding(found) ?? found
                if let time = found.occurredAt { explained.since = min(time, incident.start) }
                completion(explained)
            }
        }
    }

    /// Adds the present states of their processes to incidents that are reported later: they may
    /// have changed since the diagnosis.
    ///
    /// - Parameters:
    ///   - incidents: The incidents.
    ///   - completion: Called with them, later.
    func addPresentStates(
        to incidents: [Incident], completion: @escaping ([Incident]) -> Void
    ) {
        var latest: [ProcessName: Incident] = [:]
        for incident in incidents {
            if let process = incident.process { latest[process] = incident }
        }
        guard let client, !latest.isEmpty, !isFinishing else { return completion(incidents) }
        let states = PresentStates(incidents: Array(latest.values), client: client)
        runtime.workers.run(deadline: Diagnosis.deadline, mayBeLate: true) {
            states.run()
        } completion: { records in
            completion(PresentStates.added(records, to: incidents))
        }
    }

    /// Stores an alert, and sends it at once when its incident has been diagnosed.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - incident: Its incident.
    ///   - complete: Adds what the diagnosis cannot know.
    func sendExplained(
        _ alert: Alert, about incident: Incident,
        complete: @escaping (inout Incident) -> Void = { _ in }
    ) {
        let ticket = runtime.alerts.hold(alert)
        explain(incident, atOnce: true) { [unowned runtime] explained in
            guard var explained else { return runtime.alerts.discard(ticket, alert) }
            complete(&explained)
            runtime.alerts.release(ticket, alert.with(explained.text, of: [explained]))
        }
    }

    /// Completes and sends an alert of an earlier run that was killed before its diagnosis.
    ///
    /// - Parameters:
    ///   - ticket: The stored alert.
    ///   - alert: The same alert.
    ///   - complete: Adds what the diagnosis cannot know.
    func restore(
        _ ticket: Outbox.Ticket, _ alert: Alert,
        complete: @escaping (inout Incident) -> Void = { _ in }
    ) {
        guard alert.incidents.count == 1 else {
            runtime.alerts.release(ticket, alert)
            return
        }
        explainRestored(alert.incidents[0]) { [unowned runtime] incident in
            var incident = incident
            complete(&incident)
            runtime.alerts.release(ticket, alert.with(incident.text, of: [incident]))
        }
    }

    /// Adds the diagnosis to an incident that an earlier run has not diagnosed.
    ///
    /// Where a process ended in supervisord's log is only known if its name is unique, so the list
    /// of all processes comes first.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - completion: Called with the incident, which says so if the reason remains unknown.
    func explainRestored(_ incident: Incident, completion: @escaping (Incident) -> Void) {
        guard let catalog else { return completion(incident) }
        catalog.whenReady { [unowned self] in
            explain(incident, isOld: true) { explained in
                var explained = explained ?? incident
                explained.noteUnknownReason()
                completion(explained)
            }
        }
    }

    /// Adds the diagnosis to the latest of repeated incidents, before they are reported.
    ///
    /// - Parameters:
    ///   - repeated: The incidents by process and kind.
    ///   - completion: Called once with all of them.
    func complete(
        _ repeated: [RepeatedIncident], completion: @escaping ([RepeatedIncident]) -> Void
    ) {
        var completed = repeated
        var open = repeated.count
        guard open > 0 else { return completion([]) }
        for (index, one) in repeated.enumerated() {
            explain(one.latest, isOld: true) { [unowned self] explained in
                completed[index].latest = explained ?? one.latest
                open -= 1
                if open == 0 { addPresentStates(to: completed, completion: completion) }
            }
        }
    }

    /// Adds the states of processes that the diagnosis does not know, such as removed ones.
    private func addPresentStates(
        to repeated: [RepeatedIncident], completion: @escaping ([RepeatedIncident]) -> Void
    ) {
        let unknown = repeated.indices.filter { repeated[$0].latest.diagnostics?.state == nil }
        guard !unknown.isEmpty else { return completion(repeated) }
        addPresentStates(to: unknown.map { repeated[$0].latest }) { incidents in
            var completed = repeated
            for (index, incident) in zip(unknown, incidents) { completed[index].latest = incident }
            completion(completed)
        }
    }

    private func reportSuppressed(_ message: String) {
        runtime.log.report(.info, "alert suppressed, supervisord is shutting down: \(message)")
    }

    /// Waits for the event that announces the shutdown, which may arrive after the RPC result.
    private func decideSoon(_ decide: @escaping () -> Void) {
        guard !isFinishing else { return decide() }
        count += 1
        let number = count
        undecided[number] = decide
        runtime.loop.after(Self.delay) { [weak self] in
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
        guard let diagnoses else { return completion() }
        diagnoses.finish(completion)
    }
}
