// Which checks a round consists of.

internal import ListenerProtocol
internal import SupervisorRPC

/// Which checks a round consists of, as the command line and the list of processes have it.
struct CheckPlan {
    /// The operands.
    var templates: [CheckTemplate]
    /// What is the same for all checks.
    let terms: CheckTerms
    /// The processes of `-p` and `-a`.
    let selection: ProcessSelection
    /// Whether a site is checked even if none of its processes is RUNNING.
    let isEager: Bool

    /// What is measured of a result; nil where nothing is known.
    func sample(of result: CheckResult) -> SiteSample? {
        if case .unknown = result.verdict { return nil }
        // One URL needs no label.
        let isOnly = templates.count == 1 && !result.isPerProcess
        return SiteSample(
            check: isOnly ? "" : result.check, status: result.status,
            isWell: result.verdict == .healthy, milliseconds: result.milliseconds)
    }

    /// Whether the list of processes is needed.
    var needsProcesses: Bool {
        !isEager || templates.contains { $0.isPerProcess || $0.pattern != nil }
    }

    /// The checks of a round.
    ///
    /// - Parameters:
    ///   - infos: The processes; not needed if ``needsProcesses`` says so.
    ///   - isRepeated: Whether a check is made again, whatever else runs.
    /// - Returns: The checks, and the results of those that cannot be made.
    func checks(
        for infos: [ProcessInfo], isRepeated: Bool = false
    ) -> (checks: [Check], results: [CheckResult]) {
        var names = CheckNames()
        var checks: [Check] = []
        var results: [CheckResult] = []
        for template in templates {
            let own = infos.filter { covers(template, $0.namespec) }
            if !isEager && !isRepeated && !own.contains(where: { $0.state == .running }) {
                continue
            }
            guard template.pattern == nil || !own.isEmpty || isRepeated else {
                results.append(unknown(template, "no process has this name"))
                continue
            }
            guard template.isPerProcess else {
                guard let target = try? template.target(for: .none) else { continue }
                // Those of -p and -a are looked up when something is to be done about them.
                let processes = template.pattern == nil ? [] : own.map(\.namespec)
                checks.append(check(template, target, of: processes, &names))
                continue
            }
            // Only what runs can answer.
            for info in own where info.state == .running {
                do throws(UsageError) {
                    let target = try template.target(for: info.namespec)
                    checks.append(check(template, target, of: [info.namespec], &names))
                } catch {
                    results.append(
                        CheckResult(
                            check: names.unique("\(template.redacted) for \(info.namespec)"),
                            target: template.redacted,
                            verdict: .unknown("\(error)"), processes: [info.namespec],
                            isPerProcess: true))
                }
            }
        }
        return (checks, results)
    }

    /// The part of the plan that needs no list of processes.
    var withoutProcesses: CheckPlan {
        var plan = self
        plan.templates.removeAll { !isEager || $0.isPerProcess || $0.pattern != nil }
        return plan
    }

    /// The check that a result comes from, to be made again.
    func check(of result: CheckResult) -> Check? {
        let infos = result.processes.map { process in
            var info = ProcessInfo(name: process.name, group: process.group)
            info.stateCode = ProcessState.running.rawValue
            return info
        }
        return checks(for: infos, isRepeated: true).checks.first { $0.identity == result.check }
    }

    private func unknown(_ template: CheckTemplate, _ reason: String) -> CheckResult {
        CheckResult(
            check: template.redacted, target: template.redacted, verdict: .unknown(reason),
            processes: [], isPerProcess: template.isPerProcess)
    }

    /// Whether an operand stands for a process.
    private func covers(_ template: CheckTemplate, _ process: ProcessName) -> Bool {
        guard process != selection.own else { return false }
        return template.pattern?.matches(process) ?? selection.selects(process)
    }

    private func check(
        _ template: CheckTemplate, _ target: CheckTarget, of processes: [ProcessName],
        _ names: inout CheckNames
    ) -> Check {
        let name = (template.pattern.map { "\($0)=" } ?? "") + target.redacted
        return Check(
            identity: names.unique(name), target: target, processes: processes,
            isPerProcess: template.isPerProcess, terms: terms)
    }
}

/// Keeps checks apart that differ only in what is not shown, such as a login.
private struct CheckNames {
    private var counts: [String: Int] = [:]

    mutating func unique(_ name: String) -> String {
        counts[name, default: 0] += 1
        let count = counts[name, default: 1]
        return count == 1 ? name : "\(name) (\(count))"
    }
}

extension ProcessName {
    /// A name for targets that have no placeholders.
    fileprivate static let none = ProcessName(group: "", name: "")
}
