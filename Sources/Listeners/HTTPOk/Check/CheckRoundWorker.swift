internal import EventLoop
internal import SupervisorRPC
internal import System

/// One round of checks: those of ``CheckPlan``, which applies `-E`.
///
/// Runs in a worker.
struct CheckRoundWorker {
    let plan: CheckPlan
    let client: SupervisorClient
    /// The checks that are still running.
    let busy: Set<String>
    /// Those of an earlier run.
    let earlier: EarlierChecks
    /// The path of the silence file.
    let silenceFile: String?

    /// Reports which checks are made, before the first one.
    struct Begin: WorkerRecord {
        static let recordName = "begin"

        let checks: [String]
        /// Whether these are all checks that are not running, unlike when supervisord cannot be
        /// reached.
        let isComplete: Bool

        var fields: [String] { [isComplete ? "1" : "0"] + checks }

        init(checks: [String], isComplete: Bool) {
            self.checks = checks
            self.isComplete = isComplete
        }

        init?(fields: [String]) {
            guard let first = fields.first else { return nil }
            checks = Array(fields.dropFirst())
            isComplete = first == "1"
        }
    }

    /// The key under which a failure to list the processes is logged.
    static let failure = "-E"

    /// Runs the checks, and writes the results.
    func run() -> Int32 {
        let silence = readSilence()
        var (checks, results, silenced) = ([Check](), [CheckResult](), Set<String>())
        var isComplete = true
        do throws(RPCError) {
            let infos = try plan.needsProcesses ? client.getAllProcessInfo() : []
            earlier.writeEnds(by: plan, for: infos)
            (checks, results) = plan.checks(for: infos)
            silenced = silencedChecks(checks, infos, silence)
        } catch {
            CheckFailure(
                key: Self.failure,
                text: "cannot get the running programs, not checking: \(error)"
            ).write()
            checks = plan.withoutProcesses.checks(for: []).checks
            isComplete = false
        }
        checks.removeAll { busy.contains($0.identity) }
        Begin(checks: checks.map(\.identity), isComplete: isComplete).write()
        results.forEach(report)
        CheckRound.run(checks) { result in
            var result = result
            result.isSilenced = silenced.contains(result.identity)
            report(result)
        }
        return 0
    }

    private func readSilence() -> Silence {
        guard let silenceFile else { return .none }
        let record = SilenceRecord(reading: silenceFile)
        record.write()
        return record.silence
    }

    /// The checks whose processes are all silenced, if that matters for a check that passes.
    private func silencedChecks(
        _ checks: [Check], _ infos: [SupervisedProcess], _ silence: Silence
    ) -> Set<String> {
        let now = Timestamp.now
        guard plan.terms.limits.isSet, !silence.holding(at: now).isEmpty else { return [] }
        let known = plan.needsProcesses ? infos : (try? client.getAllProcessInfo()) ?? []
        let names = known.map(\.processName)
        let silenced = Set(names.filter { silence.end(for: $0, at: now) != nil })
        let selected = names.filter { plan.selection.watches($0, by: nil) }
        return Set(
            checks.filter { check in
                let processes = check.processes.isEmpty ? selected : check.processes
                return !processes.isEmpty && processes.allSatisfy(silenced.contains)
            }.map(\.identity))
    }

    private func report(_ result: CheckResult) {
        plan.sample(of: result)?.write()
        // A site that cannot be checked is not watched.
        if case .unknown = result.health { UnfinishedRecord().write() }
        result.write()
    }
}
