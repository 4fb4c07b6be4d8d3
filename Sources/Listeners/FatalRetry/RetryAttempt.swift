internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// An attempt to start a FATAL program.
///
/// Runs in a worker.
struct RetryAttempt {
    let process: ProcessName
    let attempt: Int
    let before: [String]?
    let silenceFile: String?
    let client: SupervisorClient

    /// The timeout for the command.
    private static let commandDeadline = Duration.seconds(60)

    /// The timeout for the whole attempt.
    static let deadline = commandDeadline + .seconds(30)

    /// The result of an attempt.
    enum Outcome: Hashable {
        /// supervisord is starting the program.
        case started
        /// The program is silenced until this time, in seconds since 1970.
        case silenced(until: Int)
        /// The command postponed the attempt.
        case notYet
        /// The program is no longer FATAL, but in this state.
        case notFatal(String)
        /// The program no longer exists.
        case gone
        /// The start could not be requested.
        case failed(String)
    }

    /// Starts the program, unless a condition prevents it.
    ///
    /// - Parameter warn: Receives problems that do not prevent the attempt.
    /// - Returns: The result.
    func run(_ warn: (String) -> Void) -> Outcome {
        if let silenceFile,
            let end = SilenceRecord(reading: silenceFile).silence.end(for: process, at: .now)
        {
            return .silenced(until: end.seconds)
        }
        do throws(RPCError) {
            let info = try client.getProcessInfo(process.full)
            guard info.state == .fatal else { return .notFatal(info.state.name) }
            switch runCommand() {
            case nil, 0: break
            case EX_TEMPFAIL: return .notYet
            case let status?: warn("--before ended with status \(status), starting anyway")
            }
            _ = try client.call(
                "supervisor.startProcess", [.string(process.full), .bool(false)])
            return .started
        } catch {
            guard case .fault(let fault) = error else { return .failed("\(error)") }
            switch fault.code {
            case .badName: return .gone
            // It has been started, or has already failed again, which events report.
            case .alreadyStarted: return .notFatal("RUNNING")
            case .spawnError, .abnormalTermination, .noFile, .notExecutable: return .started
            default: return .failed("\(error)")
            }
        }
    }

    /// Runs the command.
    ///
    /// It may change the environment, since this is a worker.
    ///
    /// - Returns: The exit status, 128 plus the number of a signal; nil without a command.
    private func runCommand() -> Int32? {
        guard let before, let loop = try? PollLoop() else { return nil }
        for (name, value) in [
            ("SUPERLANCE_PROCESS", process.name), ("SUPERLANCE_GROUP", process.group),
            ("SUPERLANCE_REASON", "FATAL"), ("SUPERLANCE_VALUE", "\(attempt)"),
        ] {
            unsafe setenv(name, value, 1)
        }
        var status: Int32 = 0
        loop.start(.command(before), deadline: Self.commandDeadline) { report in
            switch report.end {
            case .exited(let number): status = number
            case .signalled(let number): status = 128 + number
            case .timedOut: status = 124
            case .notStarted, .unknown: status = 127
            }
            loop.stop()
        }
        loop.run()
        return status
    }
}

extension RetryAttempt.Outcome: WorkerRecord {
    static let recordName = "attempt"

    init?(fields: [String]) {
        let detail = fields.dropFirst().first ?? ""
        switch fields.first {
        case "started": self = .started
        case "silenced": self = .silenced(until: Int(detail) ?? 0)
        case "not-yet": self = .notYet
        case "not-fatal": self = .notFatal(detail)
        case "gone": self = .gone
        case "failed": self = .failed(detail)
        default: return nil
        }
    }

    var fields: [String] {
        switch self {
        case .started: ["started"]
        case .silenced(let end): ["silenced", "\(end)"]
        case .notYet: ["not-yet"]
        case .notFatal(let state): ["not-fatal", state]
        case .gone: ["gone"]
        case .failed(let reason): ["failed", reason]
        }
    }
}
