// Warnings about processes that come close to their limits.

internal import Alerting
internal import ListenerProtocol
internal import System

extension MemMonListener {
    /// Warns once when a process exceeds a percentage of its limit.
    func warn(
        _ process: ObservedProcess, _ violation: LimitViolation?, _ size: Int, of limit: Int
    ) {
        guard let part = options.warning, process.state == .running,
            process.uptime >= options.policy.startPeriod,
            !queue.isSilenced(process.process), !queue.isActing(process.process),
            violation?.isSoft != false
        else { return }
        // A process that was not measured is below the percentage.
        let threshold = part.part(of: limit)
        guard warnings.take(process.instance, size, above: threshold), let violation else { return }
        post(violation, limit)
    }

    private func post(_ violation: LimitViolation, _ limit: Int) {
        let process = violation.process
        let message =
            "\(process) uses \(LimitViolation.megabytes(violation.size)) "
            + "\(violation.measure.label); its limit is \(LimitViolation.megabytes(limit))"
        runtime.log.report(.warning, message)
        var diagnostics = Diagnostics()
        diagnostics.state = "running, below its limit"
        diagnostics.uptime = violation.uptime
        diagnostics.memory =
            "\(LimitViolation.megabytes(violation.size)), limit \(LimitViolation.megabytes(limit))"
        let samples = history.samples(of: violation.pid, by: violation.measure)
        let chart = MemoryChart.text(samples, limit: limit, measure: violation.measure)
        diagnostics.sections = [chart, violation.holders].compactMap { $0 }.filter { !$0.isEmpty }
        let time = Timestamp.now
        var incident = Incident(
            .memory, at: time, to: process, pid: violation.pid, message: message,
            diagnostics: diagnostics)
        incident.predicate = "is approaching its memory limit"
        incident.reason =
            "\(LimitViolation.megabytes(violation.size)) of \(LimitViolation.megabytes(limit))"
        runtime.alerts.post(
            Alert(
                subject: options.title("process \(process.qualifiedName) is approaching its limit"),
                body: incident.text, time: time, incidents: [incident]))
    }
}
