internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Determines why a process died, from supervisord and from log files.
///
/// Each finding is reported at once, so that it is used even if the deadline passes before the
/// rest.
///
/// Runs in a worker.
struct Diagnosis {
    let process: ProcessName
    /// The identifier of the dead process; nil if it never ran.
    let pid: Int?
    /// The latest time of its death, in seconds since 1970.
    let time: Int
    /// How many lines of its log to include.
    let lineCount: Int
    let client: SupervisorClient

    /// The timeout; then the alert is sent without the rest.
    static let deadline = Duration.seconds(3)

    /// Reports that supervisord is shutting down.
    struct ShutdownRecord: WorkerRecord {
        static let recordName = "shutting-down"
        var fields: [String] { [] }

        init() {}

        init?(fields: [String]) {}
    }

    /// Reports one finding.
    private struct DiagnosticsRecord: WorkerRecord {
        static let recordName = "diagnostics"

        let line: [String]

        init(line: [String]) {
            self.line = line
        }

        init?(fields: [String]) {
            line = fields
        }

        var fields: [String] { line }
    }

    /// Merges a worker's findings.
    static func diagnostics(in records: WorkerRecords) -> Diagnostics {
        let lines = records.all(DiagnosticsRecord.self).map(\.line)
        return Diagnostics(records: lines) ?? Diagnostics()
    }

    /// Determines the cause and writes a record for each finding.
    func run() -> Int32 {
        do throws(RPCError) {
            tell { $0.supervisor = try? client.getIdentification() }
            let all = try client.getAllProcessInfo()
            let info = all.first { $0.namespec.matches(process) }
            if let info {
                judge(info)
                tellLog(info)
            }
            if let info, info.isFromGoHost {
                askGoHostLog(info)
            } else if all.count(where: { $0.name.isExactly(process.name) }) == 1 {
                // The lines in supervisord's log do not name groups.
                askLog()
            }
        } catch {
            if case .fault(let fault) = error, fault.code == .shutdownState {
                ShutdownRecord().write()
            }
        }
        return 0
    }

    /// Uses the data of the RPC if it is about this death and not a later one.
    private func judge(_ info: ProcessInfo) {
        guard isThisOne(info) else { return }
        tell { diagnostics in
            switch info.state {
            case .exited where info.exitStatus >= 0: diagnostics.exitStatus = info.exitStatus
            // The RPC has no details; supervisord's log may.
            case .exited: diagnostics.signal = "killed by a signal"
            // The Go implementation never includes a reason.
            case .fatal, .backoff:
                diagnostics.spawnError = info.spawnError.isEmpty ? nil : info.spawnError
            default: break
            }
            if info.state == .exited && info.stop >= info.start {
                diagnostics.uptime = info.stop.subtractingSaturated(info.start)
            }
        }
    }

    private func isThisOne(_ info: ProcessInfo) -> Bool { info.pid == 0 && info.start <= time }

    private func tellLog(_ info: ProcessInfo) {
        guard let log = ProcessLog(of: info, lines: lineCount, client: client) else { return }
        tell { log.fill(&$0) }
    }

    private func askLog() {
        guard let pid, let log = SupervisordLog.end(by: client),
            let death = log.death(of: process.name, pid: pid)
        else { return }
        tell { diagnostics in
            diagnostics.exitStatus = death.exitStatus
            diagnostics.signal = death.signal.map { "\($0), says supervisord's log" }
            diagnostics.uptime = death.uptime
        }
    }

    private func askGoHostLog(_ info: ProcessInfo) {
        // The next process has a start time of its own, which may be the same second.
        let earliest = isThisOne(info) ? info.start : time - 1
        guard
            let end = GoHostLog.end(by: client)?.end(
                of: process.name, during: earliest...max(earliest, time + 1))
        else { return }
        tell { diagnostics in
            diagnostics.exitStatus = end.exitStatus
            diagnostics.signal = end.signal.map { "\($0), says supervisord's log" }
        }
    }

    private func tell(_ fill: (inout Diagnostics) -> Void) {
        var diagnostics = Diagnostics()
        fill(&diagnostics)
        for line in diagnostics.records { DiagnosticsRecord(line: line).write() }
    }
}
