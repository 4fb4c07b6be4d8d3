internal import EventLoop
internal import System
internal import Text

/// A check by a command, which passes if the command exits with 0 in time.
struct CommandCheck {
    let check: Check

    /// The exit statuses of shells and similar programs when a command cannot be run.
    private static let notRunStatuses: Set<Int32> = [126, 127]

    /// Runs the command; at the timeout it is killed with its descendants.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - completion: Called once with the result.
    func begin(over loop: PollLoop, completion: @escaping (CheckResult) -> Void) {
        guard case .command(let words, _) = check.target else { return }
        let begin = Instant.now
        loop.start(.joinedCommand(words), deadline: check.terms.timeout) { report in
            completion(result(report, took: .now - begin))
        }
    }

    private func result(_ report: ChildReport, took time: Duration) -> CheckResult {
        let said = Self.lastLine(report.output).map { ": \($0)" } ?? ""
        var result = check.result(health(report.end, said))
        result.milliseconds = time.milliseconds
        if case .unhealthy(let reason) = result.health {
            result.cause = reason
            result.message = HTTPOkMessages.error(contacting: check.target.redacted, reason)
        }
        result.evidence =
            CheckEvidence(
                expected: "exit status 0", got: "\(report.end)", milliseconds: result.milliseconds,
                excerpt: report.output
            ).text
        if result.health == .healthy { check.terms.limits.note(latency: time, of: &result) }
        return result
    }

    private func health(_ end: ChildReport.End, _ said: String) -> HealthStatus {
        switch end {
        case .exited(0): .healthy
        case .exited(let status) where Self.notRunStatuses.contains(status):
            .unknown("cannot run the command: it exited with status \(status)\(said)")
        case .notStarted(let error), .unknown(let error): .unknown("\(error)")
        case .exited, .signalled: .unhealthy("\(end)\(said)")
        case .timedOut: .unhealthy("no exit within \(check.terms.timeout.shortText)\(said)")
        }
    }

    /// The last line that is not empty, limited to 200 characters.
    private static func lastLine(_ bytes: [UInt8]) -> String? {
        let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        let last = lines.last { !$0.allSatisfy { $0 == UInt8(ascii: " ") } }
        return last.map { String(decoding: $0, as: UTF8.self).withVisibleControls.cut(to: 200) }
    }
}
