// Runs the checks of a listener as its user.

internal import EventLoop
internal import Glibc
internal import SupervisorConfiguration
internal import System

extension ListenerExamination {
    /// The timeout of all checks of a listener; each channel has its own.
    private static let deadline = Duration.seconds(600)

    /// How many bytes of findings are kept; there may be thousands of names.
    private static let limit = 16_777_216

    /// Runs all checks in a worker that has the listener's user, if this process may switch to it,
    /// and the listener's environment: otherwise root would read files that the listener cannot,
    /// and commands would be searched for in another `PATH`.
    ///
    /// - Returns: The findings.
    func findingsAsListener() -> [Finding] {
        guard let loop = try? PollLoop() else { return findingsHere() }
        var findings: [Finding] = []
        loop.start(
            .worker {
                findingsAfterSwitch().forEach { FindingRecord(finding: $0).write() }
                return 0
            }, deadline: Self.deadline, limit: Self.limit
        ) { report in
            findings = WorkerRecords(report.output).all(FindingRecord.self).map(\.finding)
            if report.end != .exited(0) {
                findings.append(
                    Finding(
                        section: listener.section.name, check: "section", result: .fault,
                        message: "the checks did not end: \(report.end)"))
            }
            loop.stop()
        }
        loop.run()
        return findings
    }

    private func findingsHere() -> [Finding] {
        var examination = self
        examination.run()
        return examination.findings
    }

    /// In the worker: switches to the listener's user and environment, and runs all checks.
    private func findingsAfterSwitch() -> [Finding] {
        let variables = environment
        if geteuid() == 0, let identity, !identity.assume() {
            return [
                Finding(
                    section: listener.section.name, check: "user", result: .note,
                    message: "not checked: cannot switch to user \(identity.user): "
                        + SystemError.words(for: errno))
            ]
        }
        clearenv()
        for (name, value) in variables { _ = unsafe setenv(name, value, 1) }
        return findingsHere()
    }
}

/// A finding of the worker.
private struct FindingRecord: WorkerRecord {
    static let recordName = "finding"

    let finding: Finding

    init(finding: Finding) {
        self.finding = finding
    }

    init?(fields: [String]) {
        guard fields.count == 4, let result = Finding.Result(rawValue: fields[2]) else {
            return nil
        }
        finding = Finding(
            section: fields[0], check: fields[1], result: result, message: fields[3])
    }

    var fields: [String] {
        [finding.section, finding.check, finding.result.rawValue, finding.message]
    }
}
