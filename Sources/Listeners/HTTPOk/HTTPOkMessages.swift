internal import ListenerProtocol
internal import Text

/// superlance's texts of httpok: the subject of the mail, and the lines of the log, which are also
/// the mail's body.
///
/// People filter mail and search logs by them: they stay as they are. `DeliveryLog` logs a delivered
/// mail below `Mailed:`.
enum HTTPOkMessages {
    // MARK: The subject

    /// Adds the tool's name, and that of `-n`, to a subject: `httpok [NAME]: SUBJECT`.
    static func title(_ subject: String, name: String?) -> String {
        name.map { "httpok [\($0)]: \(subject)" } ?? "httpok: \(subject)"
    }

    /// What follows the URL in the subject, unless the body is wrong.
    static let badStatus = "bad status returned"

    /// What follows the URL in the subject if the body is wrong.
    static let badBody = "bad body returned"

    // MARK: The failure

    /// The first line if there is a response.
    ///
    /// - Parameters:
    ///   - url: The URL, without credentials.
    ///   - status: The status and the reason phrase.
    /// - Returns: The line.
    static func status(of url: String, _ status: String) -> String {
        "status contacting \(url): \(status)"
    }

    /// The first lines if there is no response.
    ///
    /// - Parameters:
    ///   - target: The target, without credentials.
    ///   - reason: The cause.
    /// - Returns: The lines.
    static func error(contacting target: String, _ reason: String) -> String {
        "error contacting \(target):\n\n \(reason)"
    }

    /// The line if the processes cannot be listed.
    static func noProcesses(_ reason: String) -> String {
        "Exception retrieving process info \(reason), not acting"
    }

    // MARK: The restarts

    /// The line before the restarts of `-a`.
    static let restartingAll = "Restarting all running processes"

    /// The line before the restarts of `-p`, with the names as a Python list.
    static func restartingSelected(_ names: [String]) -> String {
        "Restarting selected processes \(names.pythonList)"
    }

    /// The line about programs of `-p` that supervisord does not know.
    static func missing(_ names: [String]) -> String {
        "Programs not restarted because they did not exist: \(names.pythonList)"
    }

    /// The line about a process that is left alone.
    static func notRunning(_ process: ProcessName) -> String {
        "\(process) not in RUNNING state, NOT restarting"
    }

    /// The line before a restart.
    static func restarting(_ process: ProcessName) -> String {
        "\(process) is in RUNNING state, restarting"
    }

    /// The lines about a core file, of `-d`.
    static func coreDump(of process: ProcessName, _ output: String) -> String {
        "gcore output for \(process):\n\n \(output)"
    }

    /// The line after a restart.
    static func restarted(_ process: ProcessName) -> String { "\(process) restarted" }

    /// The line after a stop that failed.
    static func stopFailed(_ process: ProcessName, _ reason: String) -> String {
        "Failed to stop process \(process): \(reason)"
    }

    /// The line after a stop to which supervisord has not responded.
    static func stopUnknown(_ process: ProcessName, _ reason: String) -> String {
        "cannot check whether \(process) has stopped: \(reason)"
    }

    /// The line after a start that failed.
    static func startFailed(_ process: ProcessName, _ reason: String) -> String {
        "Failed to start process \(process): \(reason)"
    }
}

extension [String] {
    /// The strings as a Python list, as superlance logs them.
    fileprivate var pythonList: String {
        "[\(map(\.pythonLiteral).joined(separator: ", "))]"
    }
}
