// The processes that we stopped and have not seen running since.

internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// The processes that we stopped and have not seen running since.
///
/// Whatever happened, a listener that restarts a program does not leave it down: each tick a worker
/// looks at each of them.
final class PendingStarts {
    private(set) var all: [ProcessName: PendingStart] = [:]
    private var count = 0
    private var retrying: Set<ProcessName> = []
    private let client: SupervisorClient

    /// What to do when one of them is over.
    var onEnd: (ProcessName) -> Void = { _ in }

    init(client: SupervisorClient) {
        self.client = client
    }

    /// Notes what a worker said.
    ///
    /// - Parameters:
    ///   - records: Its answer.
    ///   - retried: The one that it retried; what it says is of no account if the process has been
    ///     stopped once more meanwhile.
    ///   - reportStart: Reports a later start; called in a worker.
    func note(
        _ records: [PendingStartRecord], of retried: PendingStart? = nil,
        reportStart: @escaping (ProcessName) -> Void
    ) {
        if let retried, all[retried.process]?.number != retried.number { return }
        for record in records {
            let process = record.process
            switch record.event {
            case .owed(let start):
                add(process, PendingStart.Sight(state: .stopping, start: start), reportStart)
            case .settled:
                all[process] = nil
                if retried != nil { onEnd(process) }
            case .seen(let state, let start):
                all[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
            }
        }
    }

    /// Takes over one of an earlier run.
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

    /// Sees to every process that is still down.
    func tick(_ runtime: Runtime) {
        for pending in all.values where retrying.insert(pending.process).inserted {
            let (client, log) = (client, runtime.log)
            runtime.workers.run(deadline: .seconds(7_200), endsWithProgram: false) {
                pending.retry(client, log: log)
            } completion: { [weak self] records in
                self?.retrying.remove(pending.process)
                self?.note(
                    records.all(PendingStartRecord.self), of: pending,
                    reportStart: pending.reportStart)
            }
        }
    }
}
