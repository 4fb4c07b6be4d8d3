internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Warns about names on the command line that match no process, and about a supervisord that does
/// not respond to RPC.
///
/// It checks on the first tick, or ten seconds after the start without one, then after changes of
/// groups and every ten minutes. Each name is reported once until it matches again.
///
/// With a heartbeat, it also asks supervisord for its state on each tick: a listener whose calls
/// are rejected cannot do its work, even if no call is necessary at the moment.
final class SelectorAudit {
    private let selectors: [ProcessSelector]
    private let client: SupervisorClient
    private unowned let runtime: Runtime
    private var unmatched: Set<ProcessSelector> = []
    /// Whether the listener reports failed calls itself.
    private let reportsFailedCalls: Bool
    private var hasReportedFailure: Bool
    private var hasChecked = false
    private var timer: PollLoop.Timer?
    private let hasHeartbeat: Bool
    private var isAsking = false

    private static let firstPause = Duration.seconds(10)
    private static let pause = Duration.seconds(600)
    /// How long supervisord takes to replace the processes of a changed group.
    private static let settling = Duration.seconds(2)

    /// Prepares the checks; `nil` without a connection to supervisord.
    init?(_ plan: ListenerPlan, _ runtime: Runtime, hasHeartbeat: Bool) {
        guard let client = plan.client else { return nil }
        selectors = plan.selectors
        reportsFailedCalls = plan.reportsFailedCalls
        hasReportedFailure = plan.reportsFailedCalls
        self.client = client
        self.runtime = runtime
        self.hasHeartbeat = hasHeartbeat
        schedule(after: Self.firstPause)
    }

    /// Checks after the first tick and after a change of groups.
    func note(_ content: EventContent) {
        switch content {
        case .tick:
            if hasHeartbeat { ask() }
            if !hasChecked { schedule(after: .zero) }
        case .processGroupAdded, .processGroupRemoved: schedule(after: Self.settling)
        default: return
        }
    }

    private func schedule(after delay: Duration) {
        if let timer { runtime.loop.cancel(timer) }
        timer = runtime.loop.after(delay) { [weak self] in self?.check() }
    }

    /// Checks whether supervisord responds; if not, the tick gets no heartbeat.
    private func ask() {
        guard !isAsking else { return }
        isAsking = true
        runtime.workers.run(deadline: .seconds(15)) { [client] in
            do throws(RPCError) {
                _ = try client.getState()
            } catch {
                FailureRecord(error)?.write()
                UnfinishedRecord().write()
            }
            return EX_OK
        } completion: { [weak self] records in
            self?.isAsking = false
            self?.note(records)
        }
    }

    private func check() {
        hasChecked = true
        schedule(after: Self.pause)
        let (client, selectors) = (client, selectors)
        runtime.workers.run(deadline: .seconds(15), mayBeLate: true) {
            do throws(RPCError) {
                let processes = try Self.processes(client, for: selectors)
                UnmatchedRecord(
                    selectors.indices.filter { index in
                        !processes.contains(where: selectors[index].matches)
                    }
                ).write()
            } catch {
                FailureRecord(error)?.write()
            }
            return EX_OK
        } completion: { [weak self] records in
            self?.note(records)
        }
    }

    /// All processes.
    ///
    /// If nothing is selected by name, a cheaper call tests the connection.
    private static func processes(
        _ client: SupervisorClient, for selectors: [ProcessSelector]
    ) throws(RPCError) -> [ProcessName] {
        guard !selectors.isEmpty else {
            _ = try client.getState()
            return []
        }
        return try client.getAllProcessInfo().map(\.processName)
    }

    private func note(_ records: WorkerRecords) {
        if let failure = records.first(FailureRecord.self) {
            guard !hasReportedFailure else { return }
            hasReportedFailure = true
            runtime.log.report(
                .warning,
                "cannot call supervisord: \(failure.reason); further failures are not logged")
        }
        guard let record = records.first(UnmatchedRecord.self) else { return }
        hasReportedFailure = reportsFailedCalls
        let now = Set(record.indices.filter(selectors.indices.contains).map { selectors[$0] })
        for selector in selectors where now.contains(selector) && !unmatched.contains(selector) {
            runtime.log.report(.warning, Self.warning(selector))
        }
        unmatched = now
    }

    /// The warning for a name that matches nothing.
    static func warning(_ selector: ProcessSelector) -> String {
        let kind = selector.isGroup ? "group" : "process"
        return "\(selector.option) \(selector.pattern) matches no \(kind): "
            + "'supervisorctl status' lists the names"
    }

    /// The indices of selectors that match nothing.
    private struct UnmatchedRecord: WorkerRecord {
        static let recordName = "unmatched"

        let indices: [Int]

        init(_ indices: [Int]) {
            self.indices = indices
        }

        init?(fields: [String]) {
            indices = fields.compactMap { Int($0) }
        }

        var fields: [String] { indices.map { "\($0)" } }
    }

    /// Why the call to supervisord failed.
    private struct FailureRecord: WorkerRecord {
        static let recordName = "failure"

        let reason: String

        /// - Parameter error: The error. Returns nil if supervisord is shutting down: that is none.
        init?(_ error: RPCError) {
            guard !error.isShuttingDown else { return nil }
            reason = "\(error)"
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            reason = fields[0]
        }

        var fields: [String] { [reason] }
    }
}
