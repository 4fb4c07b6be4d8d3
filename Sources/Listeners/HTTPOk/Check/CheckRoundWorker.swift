internal import EventLoop
internal import SupervisorRPC

/// One round of checks: those of ``CheckPlan``, which applies `-E`.
///
/// Runs in a worker.
struct CheckRoundWorker {
    let plan: CheckPlan
    let client: SupervisorClient
    /// The checks that are still running.
    let busy: Set<String>

    /// Reports which checks are made, before the first one.
    struct Begin: WorkerRecord {
        static let recordName = "begin"

        let checks: [String]

        var fields: [String] { checks }

        init(checks: [String]) {
            self.checks = checks
        }

        init?(fields: [String]) {
            checks = fields
        }
    }

    /// The key under which a failure to list the processes is logged.
    static let failure = "-E"

    /// Runs the checks, and writes the results.
    func run() -> Int32 {
        var (checks, results) = ([Check](), [CheckResult]())
        do throws(RPCError) {
            let infos = try plan.needsProcesses ? client.getAllProcessInfo() : []
            (checks, results) = plan.checks(for: infos)
        } catch {
            CheckFailure(
                key: Self.failure,
                text: "cannot get the running programs, not checking: \(error)"
            ).write()
            checks = plan.withoutProcesses.checks(for: []).checks
        }
        checks.removeAll { busy.contains($0.identity) }
        Begin(checks: checks.map(\.identity)).write()
        results.forEach(report)
        CheckRound.run(checks, report: report)
        return 0
    }

    private func report(_ result: CheckResult) {
        plan.sample(of: result)?.write()
        result.write()
    }
}
