// Looks at all processes and names those that hold too much. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Looks at all processes and names those that hold too much memory.
struct MemoryCheck {
    let client: SupervisorClient
    let limits: MemoryLimits
    let isCumulative: Bool
    /// The listener itself, which is never acted upon.
    let own: Namespec?
    let log: Log

    /// Names the processes over a limit, each as a record of ``Victim``.
    func run() -> Int32 {
        log.say(limits.summary)
        do throws(RPCError) {
            let infos = try client.getAllProcessInfo().filter { info in
                info.pid > 0 && info.namespec != own
                    && !limits.limits(for: info.namespec).isEmpty
            }
            let sizes = sizes(of: infos.map(\.pid))
            tell(infos, sizes)
            for info in infos { judge(info, sizes[info.pid]) }
        } catch {
            log.note("cannot look at the processes, will try again: \(error)")
        }
        return 0
    }

    private func sizes(of pids: [Int]) -> [Int: Int] {
        let memory = ProcessMemory()
        if isCumulative { return memory.residentWithDescendants(pids) }
        let pairs = pids.compactMap { pid in memory.resident(pid).map { (pid, $0) } }
        return Dictionary(pairs) { $1 }
    }

    /// Writes all sizes at once: there may be a thousand.
    private func tell(_ infos: [ProcessInfo], _ sizes: [Int: Int]) {
        let lines = infos.compactMap { info in
            sizes[info.pid].map { "RSS of \(info.namespec.full) is \($0)" }
        }
        if !lines.isEmpty { log.say(lines.joined(separator: "\n")) }
    }

    private func judge(_ info: ProcessInfo, _ size: Int?) {
        // It may have ended meanwhile; and who is being stopped must not be started again.
        guard let size, info.state != .stopping else { return }
        guard limits.limits(for: info.namespec).contains(where: { size > $0 }) else { return }
        WorkerAnswer.write(
            Victim.record, info.group, info.name, "\(size)", "\(info.now - info.start)")
    }
}
