internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// The processes that we stopped and that are not known to be running again.
///
/// A listener must not leave a program down, whatever happens: on each tick a worker checks each of
/// them.
final class PendingStarts {
    private(set) var all: [ProcessName: PendingStart] = [:]
    private var count = 0
    private var retrying: Set<ProcessName> = []
    private let client: SupervisorClient

    /// Called when a start has been requested, whether it succeeded or not.
    var onRequest: (ProcessName) -> Void = { _ in }

    /// Called when a start is no longer pending.
    var onEnd: (ProcessName) -> Void = { _ in }

    init(client: SupervisorClient) {
        self.client = client
    }

    /// Records a worker's reports.
    ///
    /// - Parameters:
    ///   - records: The reports.
    ///   - retried: The pending start that it retried; its reports are ignored if the process has
    ///     been stopped again meanwhile.
    ///   - reportStart: Reports a delayed start; called in a worker.
    func note(
        _ records: [PendingStartRecord], of retried: PendingStart? = nil,
        reportStart: @escaping (ProcessName) -> Void
    ) {
        for record in records where record.event == .starting { onRequest(record.process) }
        if let retried, all[retried.process]?.number != retried.number { return }
        for record in records {
            let process = record.process
            switch record.event {
            case .stopping(let start):
                add(process, PendingStart.Sight(state: .stopping, start: start), reportStart)
            case .starting, .stoppingForGood:
                break
            case .settled:
                all[process] = nil
                if retried != nil { onEnd(process) }
            case .seen(let state, let start):
                all[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
            }
        }
    }

    /// Restores a pending start of an earlier run.
    func restore(
        _ process: ProcessName, _ lastSeen: PendingStart.Sight,
        reportStart: @escaping (ProcessName) -> Void
    ) {
        guard all[process] == nil else { return }
        add(process, lastSeen, reportStart)
    }

    private func add(
        _ process: ProcessName, _ lastSeen: PendingStart.Sight,
        _ reportStart: @escaping (ProcessName) -> Void
    ) {
        count += 1
        all[process] = PendingStart(
            process: process, number: count, lastSeen: lastSeen, reportStart: reportStart)
    }

    /// Checks every process that is still down.
    func tick(_ runtime: Runtime) {
        for pending in all.values where retrying.insert(pending.process).inserted {
            let (client, log, outlook) = (client, runtime.log, runtime.outlook)
            runtime.workers.run(deadline: .seconds(7_200), endsWithProgram: false) {
                pending.retry(client, log: log, outlook: outlook)
            } completion: { [weak self] records in
                self?.retrying.remove(pending.process)
                self?.note(
                    records.all(PendingStartRecord.self), of: pending,
                    reportStart: pending.reportStart)
            }
        }
    }
}
