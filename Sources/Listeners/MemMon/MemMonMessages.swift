internal import ListenerProtocol

/// superlance's texts of memmon: the subject, the first line of the mail, and the lines of the log.
///
/// People filter mail and search logs by them: they stay as they are. `DeliveryLog` logs a delivered
/// mail below `Mailed:`.
enum MemMonMessages {
    // MARK: The subject

    /// Adds the tool's name, and that of `-n`, to a subject: `memmon [NAME]: SUBJECT`.
    static func title(_ subject: String, name: String?) -> String {
        name.map { "memmon [\($0)]: \(subject)" } ?? "memmon: \(subject)"
    }

    // MARK: The check

    /// The lines before each check: the limits in bytes.
    static func checking(_ limits: MemoryLimits) -> String {
        let total = limits.total
        var lines: [String] = []
        if !limits.programs.isEmpty {
            lines.append("Checking programs \(limits.programs.summary(of: total))")
        }
        if !limits.groups.isEmpty {
            lines.append("Checking groups \(limits.groups.summary(of: total))")
        }
        if let any = limits.any { lines.append("Checking any=\(any.bytes(of: total))") }
        if !limits.totals.isEmpty {
            lines.append("Checking group totals \(limits.totals.summary(of: total))")
        }
        return lines.joined(separator: "\n")
    }

    /// The line about the memory of a process.
    static func memory(of process: ProcessName, _ reading: MemoryReader.Reading) -> String {
        "\(reading.measure.label) of \(process.qualifiedName) is \(reading.size)"
    }

    /// The line about the memory of a group, of `--group-total`.
    static func memory(of total: GroupTotal) -> String {
        "\(total.measure.label) of all of group \(total.group) is \(total.size)"
    }

    // MARK: The restart

    /// The subject of a mail, and its first line, which is also logged after a failure.
    struct Text {
        let subject: String
        let message: String
    }

    /// The line before a restart, or before a stop for good.
    static func acting(_ act: RestartStep, on name: String) -> String {
        act == .stop ? "Stopping \(name)" : "Restarting \(name)"
    }

    /// Why a process is restarted, as a clause.
    static func reason(_ violation: LimitViolation) -> String {
        let (size, label) = (violation.size, violation.measure.label)
        guard let total = violation.total else {
            return "it was consuming too much memory (\(size) bytes \(label))"
        }
        return "its group was consuming too much memory (\(total.size) bytes \(label)) "
            + "and it used the most (\(size))"
    }

    /// After a restart.
    ///
    /// - Parameters:
    ///   - name: The process.
    ///   - reason: When and why.
    /// - Returns: The text.
    static func restarted(_ name: String, _ reason: String) -> Text {
        Text(
            subject: "process \(name) restarted",
            message: "memmon.py restarted the process named \(name) \(reason)")
    }

    /// After a stop for good, of `--action stop`.
    static func stopped(_ name: String, _ reason: String) -> Text {
        Text(
            subject: "process \(name) stopped",
            message: "memmon stopped the process named \(name) \(reason)")
    }

    /// In place of a restart, with `--dry-run`.
    static func notRestarted(_ name: String, _ reason: String) -> Text {
        Text(
            subject: "process \(name) not restarted: dry run",
            message: "memmon would have restarted the process named \(name) \(reason)")
    }

    /// After a stop that failed.
    ///
    /// - Parameters:
    ///   - name: The process.
    ///   - size: Its memory.
    ///   - error: Why.
    ///   - isRetried: Whether the listener retries it.
    /// - Returns: The text.
    static func stopFailed(
        _ name: String, _ size: String, _ error: String, isRetried: Bool
    ) -> Text {
        isRetried
            ? Text(
                subject: "failed to stop process \(name), will try again",
                message: "Failed to stop process \(name) (\(size)), will try again: \(error)")
            : Text(
                subject: "failed to stop process \(name)",
                message:
                    "Failed to stop process \(name) (\(size)): \(error); this listener is exiting")
    }

    /// After a stop to which supervisord has not responded.
    static func stopUnknown(_ name: String, _ size: String, _ error: String) -> Text {
        Text(
            subject: "cannot check whether process \(name) has stopped",
            message: "cannot check whether \(name) has stopped (\(size)): \(error)")
    }

    /// After a start that failed.
    ///
    /// - Parameters:
    ///   - name: The process.
    ///   - error: Why.
    ///   - retry: Who retries it.
    /// - Returns: The text.
    static func startFailed(_ name: String, _ error: String, retry: RetryOutlook.Retry) -> Text {
        switch retry {
        case .listener:
            Text(
                subject: "failed to start process \(name), will try again",
                message:
                    "Failed to start process \(name) after stopping it, will try again: \(error)")
        case .nextRun:
            Text(
                subject: "failed to start process \(name)",
                message:
                    "Failed to start process \(name) after stopping it: \(error); this listener is "
                    + "exiting, and its next run tries again")
        case .nobody:
            Text(
                subject: "failed to start process \(name)",
                message:
                    "Failed to start process \(name) after stopping it: \(error); this listener is "
                    + "exiting: run 'supervisorctl start \(name)'")
        }
    }
}
