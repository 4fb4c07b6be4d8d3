internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Measures all processes and finds those that exceed their limit.
///
/// Runs in a worker.
struct MemoryCheck {
    let client: SupervisorClient
    var limits: MemoryLimits
    let measure: MemoryMeasure
    /// The percentage of its limit at which to warn about a process.
    let warning: Int?
    let isCumulative: Bool
    /// The listener itself, which is never restarted.
    let own: ProcessName?
    /// The path of the silence file.
    let silenceFile: String?
    let log: Log

    /// The key under which a failed check is logged.
    static let failure = "processes"

    /// A process with a limit of its own or of its group.
    private struct Limited {
        let info: SupervisedProcess
        let limit: Int?
        /// The resident set size above which the configured measure is read.
        var relevant: Int
        var resident = 0
        var reading = MemoryReader.Reading(size: 0, measure: .resident)

        var group: String { info.processName.group }
    }

    /// Writes the processes that exceed a limit, each as a record of ``LimitViolation``.
    mutating func run() -> Int32 {
        // A container's limit may change while it runs.
        if limits.isRelative {
            guard let total = HostMemory().total else { return fail(Self.unknownTotal) }
            limits.total = total
        }
        log.write(.routine, MemMonMessages.checking(limits))
        if let silenceFile { SilenceRecord(reading: silenceFile).write() }
        do throws(RPCError) {
            let found = limited(try client.getAllProcessInfo())
            ObservedProcess.write(found.map(\.info))
            measure(found.filter { $0.info.pid > 0 })
        } catch {
            return fail("cannot get the processes, retrying: \(error)")
        }
        return 0
    }

    /// Why a percentage cannot be converted to a size.
    private static let unknownTotal =
        "cannot get the size of the memory, retrying: /proc/meminfo cannot be read"

    private func fail(_ text: String) -> Int32 {
        CheckFailure(key: Self.failure, text: text).write()
        return 0
    }

    private func limited(_ infos: [SupervisedProcess]) -> [Limited] {
        infos.compactMap { info in
            guard info.processName != own else { return nil }
            let limit = limits.limit(for: info.processName)
            guard limit != nil || limits.totalLimit(for: info.processName.group) != nil else {
                return nil
            }
            return Limited(info: info, limit: limit, relevant: limit.map(softLimit) ?? .max)
        }
    }

    /// The size above which a process is reported.
    private func softLimit(_ limit: Int) -> Int { warning.map { $0.part(of: limit) } ?? limit }

    private func measure(_ limited: [Limited]) {
        let reader = MemoryReader(measure, isCumulative: isCumulative)
        var limited = limited.compactMap { one in
            reader.resident(one.info.pid).map { size in
                var one = one
                one.resident = size
                return one
            }
        }
        let overfull = Set(totals(limited) { $0.resident }.filter(\.isOver).map(\.group))
        for index in limited.indices {
            let one = limited[index]
            limited[index].reading = reader.reading(
                one.info.pid, resident: one.resident,
                above: overfull.contains(one.group) ? 0 : one.relevant)
        }
        report(limited, reader)
    }

    /// The total memory of each group that has a limit.
    private func totals(_ limited: [Limited], _ size: (Limited) -> Int) -> [GroupTotal] {
        guard !limits.totals.isEmpty else { return [] }
        return Dictionary(grouping: limited, by: \.group).compactMap { group, members in
            guard let limit = limits.totalLimit(for: group) else { return nil }
            let isMeasured = members.allSatisfy { $0.reading.measure == measure }
            return GroupTotal(
                group: group, size: members.reduce(0) { $0.addingSaturated(size($1)) },
                limit: limit, measure: isMeasured ? measure : .resident)
        }.sorted { $0.group < $1.group }
    }

    // MARK: Results

    private func report(_ limited: [Limited], _ reader: MemoryReader) {
        let totals = totals(limited) { $0.reading.size }
        log(limited, totals)
        for total in totals { total.write() }
        var hasFault = false
        for one in limited {
            let reading = one.reading
            let isOwnMeasure = measure != .resident && reading.measure == measure
            MemorySample(
                process: one.info.processName, pid: one.info.pid, size: one.resident,
                limit: one.limit, measured: isOwnMeasure ? reading.size : nil
            ).write()
            if let fault = reading.fault, !hasFault, reader.resident(one.info.pid) != nil {
                hasFault = true
                MeasureFault(process: one.info.processName, code: fault.code).write()
            }
            if let limit = one.limit { judge(one, limit) }
        }
    }

    /// Writes all sizes in one record, because there may be a thousand.
    private func log(_ limited: [Limited], _ totals: [GroupTotal]) {
        let lines =
            limited.map { MemMonMessages.memory(of: $0.info.processName, $0.reading) }
            + totals.map { MemMonMessages.memory(of: $0) }
        if !lines.isEmpty { log.write(.routine, lines.joined(separator: "\n")) }
    }

    private func judge(_ one: Limited, _ limit: Int) {
        let (info, reading) = (one.info, one.reading)
        guard reading.size > softLimit(limit) else { return }
        let isSoft = reading.size <= limit
        let violation = LimitViolation(
            process: info.processName, pid: info.pid, size: reading.size, measure: reading.measure,
            limit: isSoft ? softLimit(limit) : limit, hardLimit: isSoft ? limit : nil,
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
        // Other measures take the kernel long for a large tree.
        let unit = measure == .resident ? "" : " (\(MemoryMeasure.resident.label))"
        let heading =
            holders.count == 1
            ? "used by 1 process\(unit):" : "used by \(holders.count) processes\(unit):"
        return
            ([heading] + lines
            + (rest > 0 ? ["  and \(rest) more"] : [])).joined(separator: "\n")
    }
}
