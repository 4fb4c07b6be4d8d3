internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts with a real supervisord.
///
/// Runs in a worker.
struct SupervisorControl: ProcessControl {
    let client: SupervisorClient
    let log: Log

    /// The timeout for a command of the operator.
    static let commandDeadline = Duration.seconds(60)

    var now: Instant { .now }

    func pause(_ time: Duration) {
        let end = Instant.now + time
        // A signal may interrupt it.
        while .now < end {
            let rest = end - .now
            _ = usleep(UInt32(min(max(rest / .microseconds(1), 1), 900_000)))
        }
    }

    func info(of process: ProcessName) throws(RPCError) -> SupervisedProcess {
        try client.getProcessInfo(process.qualifiedName)
    }

    func exitCodes(of process: ProcessName) -> [Int] {
        client.exitCodes()[process] ?? [0]
    }

    func stops(of process: ProcessName) -> Set<String>? {
        SupervisordLog.end(by: client)?.stops(of: process.name)
    }

    func stop(_ process: ProcessName) throws(RPCError) {
        try client.stopProcess(process.description, wait: false)
    }

    func start(_ process: ProcessName) throws(RPCError) {
        try client.startProcess(process.description, wait: false)
    }

    func signal(_ process: ProcessName, _ signal: String) throws(RPCError) {
        try client.signalProcess(process.description, signal)
    }

    func run(_ command: [String], _ variables: [String: String]) -> Int32? {
        // This process ends with the restart, so its environment can be changed.
        for (name, value) in variables { unsafe setenv(name, value, 1) }
        guard let loop = try? PollLoop() else { return nil }
        var status: Int32?
        loop.start(.command(command), deadline: Self.commandDeadline) { [log] report in
            if case .exited(let code) = report.end { status = code }
            let words = String(
                decoding: (report.output + report.diagnostics).suffix(4_096), as: UTF8.self)
            let name = command.first ?? ""
            if report.end != .exited(0) && report.end != .exited(EX_TEMPFAIL) {
                log.report(.warning, "\(name): \(report.end)")
            }
            // By bytes: CR and LF are one Character.
            for line in words.utf8.split(separator: UInt8(ascii: "\n")) {
                log.report(.info, "\(name): \(Substring(line))")
            }
            loop.stop()
        }
        loop.run()
        return status
    }
}
