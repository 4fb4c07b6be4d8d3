// One round of checks. Runs in a worker.

internal import EventLoop
internal import SupervisorRPC

/// One round of checks: with `-E` only of what has a program that runs.
struct SiteProbe {
    let plan: CheckPlan
    let client: SupervisorClient
    /// The checks that are still under way.
    let busy: Set<String>

    /// Which checks are made, before any of them is.
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

    /// What it is about when supervisord cannot be asked.
    static let failure = "-E"

    /// Checks, and writes what it finds out.
    func run() -> Int32 {
        var (checks, results) = ([Check](), [CheckResult]())
        do throws(RPCError) {
            let infos = try plan.needsProcesses ? client.getAllProcessInfo() : []
            (checks, results) = plan.checks(for: infos)
        } catch {
            CheckFailure(
                check: Self.failure,
                text: "cannot look for running programs, not checking: \(error)"
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
