// Finds out why a process died. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Finds out why a process died, by asking supervisord and looking into logs.
///
/// What it finds it tells at once, so that it counts even if there is no time for the rest.
struct Diagnosis {
    let process: ProcessName
    /// The identifier of the dead process; nothing if it never ran.
    let pid: Int?
    /// When it is known to have died, in seconds since 1970.
    let time: Int
    /// How many lines of its log are wanted.
    let lineCount: Int
    let client: SupervisorClient

    /// How long all of it may take; then the alert goes without the rest.
    static let deadline = Duration.seconds(3)

    /// Reports that supervisord is shutting down.
    struct ShutdownRecord: WorkerRecord {
        static let recordName = "shutting-down"
        var fields: [String] { [] }

        init() {}

        init?(fields: [String]) {}
    }

    /// Reports a part of what has been found out.
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

    /// What a worker has found out, all its parts together.
    static func diagnostics(in records: WorkerRecords) -> Diagnostics {
        let lines = records.all(DiagnosticsRecord.self).map(\.line)
        return Diagnostics(records: lines) ?? Diagnostics()
    }

    /// Finds out what can be found out; each fact is a record of an ``Diagnostics``.
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
                // Its lines name no groups.
                askLog()
            }
        } catch {
            if case .fault(let fault) = error, fault.code == .shutdownState {
                ShutdownRecord().write()
            }
        }
        return 0
    }

    /// What the RPC says, if it is about this death and not a later one.
    private func judge(_ info: ProcessInfo) {
        guard isThisOne(info) else { return }
        tell { diagnostics in
            switch info.state {
            case .exited where info.exitStatus >= 0: diagnostics.exitStatus = info.exitStatus
            // The RPC has no more than that; supervisord's log may.
            case .exited: diagnostics.signal = "killed by a signal"
            // The Go host never says why.
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
        // The next process has a start of its own, which may be of the same second.
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
