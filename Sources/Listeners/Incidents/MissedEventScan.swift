internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Searches once, soon after the start, for incidents that occurred while no listener was running.
///
/// supervisord knows when this listener last ended. A process that ended or failed to start since
/// then, is still down and has sent no event has not been reported. So nothing is reported twice,
/// however often the listener is restarted.
final class MissedEventScan {
    /// An incident that was found.
    struct Finding: WorkerRecord {
        static let recordName = "missed-event"

        let process: ProcessName
        /// Exited or fatal.
        let kind: Incident.Kind
        let time: Timestamp

        init(process: ProcessName, kind: Incident.Kind, time: Timestamp) {
            self.process = process
            self.kind = kind
            self.time = time
        }

        /// The incident to report.
        ///
        /// - Parameter message: superlance's message.
        /// - Returns: The incident.
        func incident(_ message: String) -> Incident {
            var incident = Incident(
                kind, at: time, to: process, message: message,
                diagnostics: Diagnostics(host: HostName.current))
            incident.predicate = "\(incident.crashVerb) while no listener was running"
            return incident
        }

        init?(fields: [String]) {
            guard fields.count == 4, let kind = Incident.Kind(rawValue: fields[0]),
                let seconds = Int(fields[3])
            else { return nil }
            self.init(
                process: ProcessName(group: fields[1], name: fields[2]), kind: kind,
                time: Timestamp(seconds: seconds))
        }

        var fields: [String] {
            [kind.rawValue, process.group, process.name, "\(time.seconds)"]
        }
    }

    private let client: SupervisorClient?
    private let own: ProcessName?
    private let kinds: Set<Incident.Kind>
    private var seen: Set<ProcessName> = []
    /// When incidents occurred that an earlier run has received.
    private var reported: [ProcessName: Timestamp] = [:]

    /// How long to wait for buffered events first.
    private static let delay = Duration.seconds(3)

    /// Prepares a scan.
    ///
    /// - Parameters:
    ///   - client: The connection to supervisord; without it there is no scan.
    ///   - own: The listener's own name, which identifies the time it was not running.
    ///   - kinds: The kinds of incidents to search for.
    init(client: SupervisorClient?, own: ProcessName?, kinds: Set<Incident.Kind>) {
        self.client = client
        self.own = own
        self.kinds = kinds
    }

    /// Records an event, which is more accurate than the scan.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        seen.insert(change.process)
    }

    /// Records an incident that an earlier run has received, and this one reports.
    func note(reported incident: Incident) {
        guard let process = incident.process else { return }
        reported[process] = max(incident.time, reported[process] ?? incident.time)
    }

    /// Whether an event or an earlier run has reported a finding.
    private func isKnown(_ finding: Finding) -> Bool {
        // The event arrives after the end of the process.
        seen.contains(finding.process)
            || reported[finding.process].map { finding.time <= $0 } ?? false
    }

    /// Scans after a delay.
    func begin(_ runtime: Runtime, report: @escaping (Finding) -> Void) {
        guard let client, let own else { return }
        let started = Timestamp.now
        runtime.loop.after(Self.delay) {
            runtime.workers.run(deadline: .seconds(10), mayBeLate: true) {
                Self.look(client, own, until: started)
            } completion: { [weak self] records in
                guard let self else { return }
                for finding in records.all(Finding.self) {
                    guard kinds.contains(finding.kind) && !isKnown(finding) else { continue }
                    report(finding)
                }
            }
        }
    }

    // MARK: In the worker

    private static func look(
        _ client: SupervisorClient, _ own: ProcessName, until started: Timestamp
    ) -> Int32 {
        do throws(RPCError) {
            let infos = try client.getAllProcessInfo()
            guard infos.contains(where: { $0.processName == own }),
                let absence = ListenerAbsence(of: own, among: infos, startedAt: started.seconds)
            else { return 0 }
            let expected = client.exitCodes()
            for info in infos where info.processName != own {
                let isFatal = info.state == .fatal
                // A program that failed to start has no stop time.
                let time = max(info.start, info.stop)
                let codes = expected[info.processName] ?? [0]
                let isCrash = info.state == .exited && !codes.contains(info.exitStatus)
                guard absence.contains(time) && (isFatal || isCrash) else { continue }
                Finding(
                    process: info.processName, kind: isFatal ? .fatal : .exited,
                    time: Timestamp(seconds: time)
                ).write()
            }
        } catch {
            // Events still arrive; a tool that requires the RPC reports the error itself.
        }
        return 0
    }
}
