internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Looks at the processes with active alerts: the listener may have missed the event of what became
/// of them, or not be subscribed to it.
final class AlertedProcessLook {
    private unowned let runtime: Runtime
    private let client: SupervisorClient?

    /// Creates a look.
    ///
    /// - Parameters:
    ///   - runtime: The runtime.
    ///   - client: The connection to supervisord; without it there is no look.
    init(_ runtime: Runtime, client: SupervisorClient?) {
        self.runtime = runtime
        self.client = client
    }

    /// Looks whether processes run again, are down, were stopped or no longer exist.
    func begin() {
        let alerts = runtime.alerts
        let processes = (alerts.activeAlerts?.processes ?? []).union(alerts.threads.processes)
        guard let client, !processes.isEmpty, !runtime.isFinishing else { return }
        runtime.workers.run(deadline: .seconds(10), mayBeLate: true) {
            Self.look(at: processes, client)
            return EX_OK
        } completion: { [unowned self] records in
            for record in records.all(SettledProcess.self) { note(record) }
        }
    }

    private func note(_ record: SettledProcess) {
        let isRunning = record.state == .running
        runtime.alerts.activeAlerts?.see(
            record.process, record.state, since: isRunning ? record.start : nil)
        guard isRunning else { return }
        runtime.alerts.onRunning(record.process, record.start)
    }

    /// Runs in a worker.
    private static func look(at processes: Set<ProcessName>, _ client: SupervisorClient) {
        let infos = (try? client.getAllProcessInfo()) ?? []
        // The listener itself is always there.
        guard !infos.isEmpty else { return }
        for info in infos where processes.contains(where: info.processName.matches) {
            let state: SettledState
            switch info.state {
            case .running: state = .running
            case .stopped: state = .stopped
            case .exited, .fatal: state = .down
            default: continue
            }
            SettledProcess(
                process: info.processName, state: state, start: Timestamp(seconds: info.start)
            ).write()
        }
        for process in processes where !infos.contains(where: { $0.processName.matches(process) }) {
            SettledProcess(process: process, state: .removed, start: Timestamp(seconds: 0)).write()
        }
    }
}
