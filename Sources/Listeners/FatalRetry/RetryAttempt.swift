internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// An attempt to start a FATAL program, in two steps: a person may start the program while the
/// first one runs.
///
/// Each step runs in a worker.
struct RetryAttempt {
    let process: ProcessName
    let attempt: Int
    let before: [String]?
    let silenceFile: String?
    /// The listener's own process, if it is known.
    let own: ProcessName?
    let client: SupervisorClient

    /// The timeout for the command.
    private static let commandDeadline = Duration.seconds(60)

    /// The timeout for each step.
    static let deadline = commandDeadline + .seconds(30)

    /// The result of an attempt.
    enum Outcome: Hashable {
        /// Nothing prevents the start.
        case ready
        /// The listener is STARTING itself: supervisord buffers the events about the program.
        case early
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
        /// supervisord refuses to start the program, such as one whose file is missing.
        case refused(String)
        /// The start could not be requested.
        case failed(String)
    }

    /// Runs the command, unless a condition prevents the attempt.
    ///
    /// - Parameter warn: Receives problems that do not prevent the attempt.
    /// - Returns: The result.
    func prepare(_ warn: (String) -> Void) -> Outcome {
        if let own, (try? client.getProcessInfo(own.qualifiedName))?.state == .starting {
            return .early
        }
        if let end = silenceEnd { return .silenced(until: end.seconds) }
        do throws(RPCError) {
            let info = try client.getProcessInfo(process.qualifiedName)
            guard info.state == .fatal else { return .notFatal(info.state.name) }
            switch runCommand() {
            case nil, 0: break
            case EX_TEMPFAIL: return .notYet
            case let status?: warn("--before exited with status \(status), starting anyway")
            }
            return .ready
        } catch {
            return Self.outcome(of: error)
        }
    }

    /// When the silence of the program ends; nil if it is not silenced.
    private var silenceEnd: Timestamp? {
        silenceFile.flatMap {
            SilenceRecord(reading: $0).silence.end(for: process, at: .now)
        }
    }

    /// Starts the program.
    ///
    /// - Returns: The result.
    func start() -> Outcome {
        // The command may have taken a minute.
        if let end = silenceEnd { return .silenced(until: end.seconds) }
        do throws(RPCError) {
            let down = try client.getProcessInfo(process.qualifiedName)
            let end = Instant.now + Self.goHostPause
            repeat {
                try requestStart(down)
                if isStarted(after: down) { return .started }
                // The Go implementation ignores the start of a process that has just ended.
            } while down.isFromGoSupervisord && .now < end
            return .refused("supervisord accepted the request, and did not start it")
        } catch {
            return Self.outcome(of: error)
        }
    }

    private func requestStart(_ down: SupervisedProcess) throws(RPCError) {
        do throws(RPCError) {
            _ = try client.call(
                "supervisor.startProcess", [.string(process.qualifiedName), .bool(false)])
        } catch {
            // The Go implementation answers so unless the process runs at once.
            guard down.isFromGoSupervisord, case .fault(let fault) = error,
                fault.code == .abnormalTermination
            else { throw error }
        }
    }

    /// How long the Go implementation may ignore starts: it waits up to five seconds after a process
    /// has ended.
    private static let goHostPause = Duration.seconds(7)

    /// Whether a start is visible soon: the Go implementation also accepts requests that have no
    /// effect.
    private func isStarted(after down: SupervisedProcess) -> Bool {
        for look in 0..<Self.looks {
            if look > 0 { usleep(Self.pause) }
            guard let info = try? client.getProcessInfo(process.qualifiedName) else { return true }
            if info.state != .fatal || !info.isSameRun(as: down) { return true }
        }
        return false
    }

    /// How often to look for a start, with a pause in microseconds.
    private static let looks = 5
    private static let pause: useconds_t = 500_000

    private static func outcome(of error: RPCError) -> Outcome {
        guard !error.isShuttingDown else { return .failed("supervisord is shutting down") }
        guard case .fault(let fault) = error else { return .failed("\(error)") }
        return switch fault.code {
        case .badName: .gone
        case .alreadyStarted: .notFatal("RUNNING")
        // It has already failed again, which events report.
        case .spawnError, .abnormalTermination: .started
        // supervisord examines the file before it starts anything, so no event follows.
        case .noFile, .notExecutable: .refused(fault.message)
        default: .failed("\(error)")
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
        case "ready": self = .ready
        case "early": self = .early
        case "started": self = .started
        case "silenced": self = .silenced(until: Int(detail) ?? 0)
        case "not-yet": self = .notYet
        case "not-fatal": self = .notFatal(detail)
        case "gone": self = .gone
        case "refused": self = .refused(detail)
        case "failed": self = .failed(detail)
        default: return nil
        }
    }

    var fields: [String] {
        switch self {
        case .ready: ["ready"]
        case .early: ["early"]
        case .started: ["started"]
        case .silenced(let end): ["silenced", "\(end)"]
        case .notYet: ["not-yet"]
        case .notFatal(let state): ["not-fatal", state]
        case .gone: ["gone"]
        case .refused(let reason): ["refused", reason]
        case .failed(let reason): ["failed", reason]
        }
    }
}
