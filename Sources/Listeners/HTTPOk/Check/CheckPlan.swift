internal import ListenerProtocol
internal import SupervisorRPC

/// Determines the checks of a round from the command line, with `-e` and `-E`, and the list of
/// processes.
struct CheckPlan {
    /// The operands.
    var templates: [CheckTemplate]
    /// The settings common to all checks.
    let terms: CheckTerms
    /// The processes of `-p` and `-a`.
    let selection: ProcessSelection
    /// Whether a site is checked even if none of its processes is RUNNING.
    let isEager: Bool

    /// The measurement of a result; nil if the result is unknown.
    func sample(of result: CheckResult) -> SiteSample? {
        if case .unknown = result.health { return nil }
        // A single URL needs no label.
        let isOnly = templates.count == 1 && !result.isPerProcess
        return SiteSample(
            check: isOnly ? "" : result.identity, status: result.status,
            isHealthy: result.health == .healthy, milliseconds: result.milliseconds)
    }

    /// Whether a site is checked, by `-e` and `-E`: with `-E` only if one of its processes is
    /// RUNNING.
    private func allowsCheck(of infos: [SupervisedProcess]) -> Bool {
        isEager || infos.contains { $0.state == .running }
    }

    /// Whether the list of processes is required.
    var needsProcesses: Bool {
        !isEager || templates.contains { $0.isPerProcess || $0.pattern != nil }
    }

    /// Returns the checks of a round.
    ///
    /// - Parameters:
    ///   - infos: The processes, if ``needsProcesses`` is true.
    ///   - isRepeated: Whether a check is repeated, whatever else is running.
    /// - Returns: The checks, and the results of those that cannot be made.
    func checks(
        for infos: [SupervisedProcess], isRepeated: Bool = false
    ) -> (checks: [Check], results: [CheckResult]) {
        var names = CheckNames()
        var checks: [Check] = []
        var results: [CheckResult] = []
        for template in templates {
            let own = infos.filter { selection.watches($0.processName, by: template.pattern) }
            guard isRepeated || allowsCheck(of: own) else { continue }
            guard template.pattern == nil || !own.isEmpty || isRepeated else {
                results.append(unknown(template, "no process has this name"))
                continue
            }
            guard template.isPerProcess else {
                guard let target = try? template.target(for: .none) else { continue }
                // The processes of -p and -a are looked up only for a restart.
                let processes = template.pattern == nil ? [] : own.map(\.processName)
                checks.append(check(template, target, of: processes, &names))
                continue
            }
            // Only a running process can respond.
            for info in own where info.state == .running {
                do throws(UsageError) {
                    let target = try template.target(for: info.processName)
                    checks.append(check(template, target, of: [info.processName], &names))
                } catch {
                    results.append(
                        CheckResult(
                            identity: names.unique("\(template.redacted) for \(info.processName)"),
                            target: template.redacted,
                            health: .unknown("\(error)"), processes: [info.processName],
                            isPerProcess: true))
                }
            }
        }
        return (checks, results)
    }

    /// The part of the plan that requires no list of processes.
    var withoutProcesses: CheckPlan {
        var plan = self
        plan.templates.removeAll { !isEager || $0.isPerProcess || $0.pattern != nil }
        return plan
    }

    /// Repeats the checks of a process, after one of them has failed.
    ///
    /// Runs in a worker.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - failed: The result of the failed check.
    /// - Returns: Whether that one passes now, and no other one fails.
    func passes(_ process: ProcessName, after failed: CheckResult) -> Bool {
        var info = SupervisedProcess(name: process.name, group: process.group)
        info.stateCode = ProcessState.running.rawValue
        var own = self
        own.templates.removeAll { !selection.watches(process, by: $0.pattern) }
        var (hasPassed, hasFailed) = (false, false)
        CheckRound.run(own.checks(for: [info], isRepeated: true).checks) { result in
            switch result.health {
            case .healthy: hasPassed = hasPassed || result.target == failed.target
            case .unhealthy: hasFailed = true
            case .unknown: break
            }
        }
        return hasPassed && !hasFailed
    }

    /// What a process serves: the targets of its checks.
    func sites(of process: ProcessName) -> Set<String> {
        Set(
            templates.compactMap { template in
                guard selection.watches(process, by: template.pattern) else { return nil }
                return try? template.target(for: process).redacted
            })
    }

    /// Whether an alert of an earlier run is about a check of this plan.
    func makes(_ alert: EarlierAlert, for infos: [SupervisedProcess]) -> Bool {
        templates.contains { template in
            guard template.isPerProcess else {
                return alert.url == label(of: template, for: .none)
                    && (alert.process.map { selection.watches($0, by: template.pattern) } ?? true)
            }
            return infos.contains { info in
                (alert.process.map { $0 == info.processName } ?? true)
                    && selection.watches(info.processName, by: template.pattern)
                    && alert.url == label(of: template, for: info.processName)
            }
        }
    }

    private func label(of template: CheckTemplate, for process: ProcessName) -> String? {
        (try? template.target(for: process)).map { CheckResult.label(of: $0.redacted) }
    }

    /// The identities of all checks, whatever the states of the processes.
    func identities(for infos: [SupervisedProcess]) -> Set<String> {
        let running = infos.map { info in
            var info = info
            info.stateCode = ProcessState.running.rawValue
            return info
        }
        return Set(checks(for: running, isRepeated: true).checks.map(\.identity))
    }

    private func unknown(_ template: CheckTemplate, _ reason: String) -> CheckResult {
        CheckResult(
            identity: template.redacted, target: template.redacted, health: .unknown(reason),
            processes: [], isPerProcess: template.isPerProcess)
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

/// Distinguishes checks that differ only in hidden parts, such as credentials.
private struct CheckNames {
    private var counts: [String: Int] = [:]

    mutating func unique(_ name: String) -> String {
        counts[name, default: 0] += 1
        let count = counts[name, default: 1]
        return count == 1 ? name : "\(name) (\(count))"
    }
}

extension ProcessName {
    /// A name for targets without placeholders.
    fileprivate static let none = ProcessName(group: "", name: "")
}
