internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Sends the alerts about crashes once they are diagnosed: one for each crash, or one for all
/// processes that died together.
final class CrashAlerts {
    /// A crash on its way to its alert.
    private final class Crash {
        /// The alert of its own.
        let alert: Alert
        /// Keeps that alert in the spool.
        let ticket: Outbox.Ticket
        var incident: Incident
        var isDiagnosed = false
        /// Whether its turn has come.
        var isDue = false

        init(_ alert: Alert, _ ticket: Outbox.Ticket, _ incident: Incident) {
            self.alert = alert
            self.ticket = ticket
            self.incident = incident
        }
    }

    private unowned let runtime: Runtime
    private let reporter: IncidentReporter
    private let options: CrashMailOptions
    /// Collects the crashes of a moment; nil if each has an alert of its own.
    private var burst: CrashBurst<Crash>?
    /// Bursts that are due, and wait for their diagnoses.
    private var bursts: [Int: [Crash]] = [:]
    private var count = 0
    private var timer: PollLoop.Timer?

    /// The timeout for the diagnoses of a burst, which take longer only on a busy host.
    ///
    /// Without reasons, an alert about many processes is of little use.
    private static let diagnosisTimeout = Duration.milliseconds(2_500)

    /// Creates the alerts.
    ///
    /// - Parameters:
    ///   - runtime: The runtime, which outlives this.
    ///   - reporter: Diagnoses the crashes.
    ///   - options: The options of crashmail.
    ///   - collects: Whether processes that die together have one alert.
    init(
        _ runtime: Runtime, _ reporter: IncidentReporter, _ options: CrashMailOptions,
        collects: Bool
    ) {
        self.runtime = runtime
        self.reporter = reporter
        self.options = options
        burst = collects ? CrashBurst() : nil
    }

    /// Sends an alert about a crash, soon.
    ///
    /// - Parameters:
    ///   - incident: The crash.
    ///   - isOld: Whether it happened before this listener was started.
    ///   - start: The first alert of the thread that this one continues.
    func report(_ incident: Incident, isOld: Bool = false, following start: ThreadStart? = nil) {
        let alert = Alert(
            subject: start?.reply ?? CrashMailMessages.subject(incident, options),
            body: incident.text, time: incident.time, incidents: [incident],
            predecessor: start?.identity)
        let begin = Instant.now
        let crash = Crash(alert, runtime.alerts.hold(alert), incident)
        // The spool may be on a slow disk.
        burst?.exclude(.now - begin)
        collect(crash)
        reporter.explain(incident, isOld: isOld) { [unowned self] explained in
            note(explained, of: crash)
        }
    }

    /// Sends an alert of an earlier run that was killed before its diagnosis, together with the
    /// others.
    ///
    /// - Parameters:
    ///   - ticket: The stored alert.
    ///   - alert: The same alert.
    func restore(_ ticket: Outbox.Ticket, _ alert: Alert) {
        guard let incident = alert.incidents.first else { return }
        let crash = Crash(alert, ticket, incident)
        collect(crash)
        reporter.explainRestored(incident) { [unowned self] explained in
            note(explained, of: crash)
        }
    }

    private func collect(_ crash: Crash) {
        guard let process = crash.incident.process, burst != nil else {
            crash.isDue = true
            return
        }
        burst?.add(crash, of: process, at: .now)
        schedule()
    }

    private func note(_ explained: Incident?, of crash: Crash) {
        crash.isDiagnosed = true
        if let explained {
            crash.incident = explained
        } else {
            // supervisord is shutting down.
            runtime.alerts.discard(crash.ticket, crash.alert)
            burst?.remove { $0 === crash }
            for number in bursts.keys { bursts[number]?.removeAll { $0 === crash } }
            crash.isDue = false
        }
        if crash.isDue { send(crash) }
        for (number, crashes) in bursts where crashes.allSatisfy(\.isDiagnosed) { send(number) }
    }

    // MARK: Due alerts

    private func schedule() {
        runtime.loop.reset(&timer, to: burst?.next) { [unowned self] in takeDue() }
    }

    private func takeDue() {
        timer = nil
        for group in burst?.takeDue(at: .now) ?? [] { handleDue(group) }
        schedule()
    }

    private func handleDue(_ group: [Crash]) {
        if group.count == 1, let crash = group.first {
            crash.isDue = true
            if crash.isDiagnosed { send(crash) }
            return
        }
        count += 1
        let number = count
        bursts[number] = group
        guard !group.allSatisfy(\.isDiagnosed) else { return send(number) }
        runtime.loop.after(Self.diagnosisTimeout) { [weak self] in self?.send(number) }
    }

    /// Sends everything, before the program exits.
    ///
    /// - Parameter completion: Called when all of it is in the outbox.
    func finish(_ completion: @escaping () -> Void) {
        reporter.finish { [unowned self] in
            for group in burst?.takeAll() ?? [] { handleDue(group) }
            for number in bursts.keys.sorted() { send(number) }
            completion()
        }
    }

    private func send(_ crash: Crash) {
        let alert = crash.alert.with(crash.incident.text, of: [crash.incident])
        runtime.alerts.release(crash.ticket, alert)
    }

    private func send(_ number: Int) {
        guard let crashes = bursts.removeValue(forKey: number), let first = crashes.first else {
            return
        }
        let incidents = crashes.map { runtime.alerts.presented($0.incident) }
        let alert = Alert(
            subject: options.title(MassCrash.subject(incidents)), body: MassCrash.body(incidents),
            time: first.incident.time, date: .now, incidents: incidents)
        runtime.alerts.release(crashes.map { ($0.ticket, $0.alert) }, as: alert)
    }
}
