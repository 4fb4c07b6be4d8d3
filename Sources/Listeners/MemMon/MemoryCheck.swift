internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Measures all processes and finds those that exceed their limit.
///
/// Runs in a worker.
struct MemoryCheck {
    let client: SupervisorClient
    let limits: MemoryLimits
    let isCumulative: Bool
    /// The listener itself; it never acts on itself.
    let own: ProcessName?
    /// The path of the silence file.
    let silenceFile: String?
    let log: Log

    /// The subject of a failed check.
    static let failure = "processes"

    /// Names the processes over a limit, each as a record of ``LimitViolation``.
    func run() -> Int32 {
        log.write(limits.summary, isRoutine: true)
        if let silenceFile { SilenceRecord(reading: silenceFile).write() }
        do throws(RPCError) {
            let selected = try client.getAllProcessInfo().filter { info in
                info.namespec != own && !limits.limits(for: info.namespec).isEmpty
            }
            for info in selected { ObservedProcess(info).write() }
            let infos = selected.filter { $0.pid > 0 }
            let sizes = sizes(of: infos.map(\.pid))
            tell(infos, sizes)
            for info in infos {
                guard let size = sizes[info.pid] else { continue }
                let limit = limits.limits(for: info.namespec).min() ?? 0
                MemorySample(process: info.namespec, pid: info.pid, size: size, limit: limit)
                    .write()
                judge(info, size)
            }
        } catch {
            CheckFailure(
                check: Self.failure, text: "cannot look at the processes, will try again: \(error)"
            ).write()
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
        if !lines.isEmpty { log.write(lines.joined(separator: "\n"), isRoutine: true) }
    }

    private func judge(_ info: ProcessInfo, _ size: Int) {
        let passed = limits.limits(for: info.namespec).filter { size > $0 }
        guard let limit = passed.min() else { return }
        let violation = LimitViolation(
            process: info.namespec, pid: info.pid, size: size, limit: limit,
            uptime: info.now.subtractingSaturated(info.start),
            holders: isCumulative ? holders(info.pid) : "")
        violation.write()
    }

    /// The largest processes in a process's tree.
    private func holders(_ pid: Int) -> String {
        let holders = ProcessMemory().holders(inTreeOf: pid)
        let lines = holders.prefix(10).map { holder in
            "  \(MemoryChart.megabytes(holder.size)) \(holder.name) (pid \(holder.pid))"
        }
        let rest = holders.count - lines.count
        return
            (["held by \(holders.count) processes:"] + lines
            + (rest > 0 ? ["  and \(rest) more"] : [])).joined(separator: "\n")
    }
}
