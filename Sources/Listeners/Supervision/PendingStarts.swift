// The processes that we stopped and have not seen running since.

internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// The processes that we stopped and have not seen running since.
///
/// Whatever happened, a listener that restarts a program does not leave it down: each tick a worker
/// looks at each of them.
final class PendingStarts {
    // What workers say of a process.

    /// It is about to be stopped, so that a start is owed.
    static let owed = "owed"
    /// It has been started, or is not ours to start any more.
    static let paid = "paid"
    /// It is still down; its state and start follow.
    static let seen = "seen"

    private(set) var debts: [ProcessName: PendingStart] = [:]
    private var count = 0
    private var beingPaid: Set<ProcessName> = []
    private let client: SupervisorClient

    init(client: SupervisorClient) {
        self.client = client
    }

    /// Notes what a worker said.
    ///
    /// - Parameters:
    ///   - records: Its answer.
    ///   - settled: The debt that it saw to; what it says is of no account if the process has been
    ///     stopped once more meanwhile.
    ///   - tellRestart: Tells of a later start; called in a worker.
    func note(
        _ records: [[String]], of settled: PendingStart? = nil,
        tellRestart: @escaping (ProcessName) -> Void
    ) {
        if let settled, debts[settled.process]?.number != settled.number { return }
        for record in records where record.count >= 3 {
            let process = ProcessName(group: record[1], name: record[2])
            switch record[0] {
            case Self.owed:
                count += 1
                debts[process] = PendingStart(
                    process: process, number: count, tellRestart: tellRestart)
            case Self.paid:
                debts[process] = nil
            case Self.seen where record.count == 5:
                guard let state = Int(record[3]).flatMap(ProcessState.init),
                    let start = Int(record[4])
                else { continue }
                debts[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
            default:
                continue
            }
        }
    }

    /// Sees to every process that is still down.
    func tick(_ runtime: Runtime) {
        for debt in debts.values where beingPaid.insert(debt.process).inserted {
            let (client, log) = (client, runtime.log)
            runtime.workers.run(deadline: .seconds(240), endsWithProgram: false) {
                debt.pay(client, log: log)
            } completion: { [weak self] records in
                self?.beingPaid.remove(debt.process)
                self?.note(records.lines, of: debt, tellRestart: debt.tellRestart)
            }
        }
    }
}
