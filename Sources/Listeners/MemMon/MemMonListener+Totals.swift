// Limits of the total memory of groups.

internal import ListenerProtocol
internal import System

extension MemMonListener {
    /// Decides about groups with a limit: the largest process of a group is restarted, and then the
    /// group is measured again.
    func decide(
        _ totals: [GroupTotal], _ processes: [ObservedProcess],
        _ samples: [ProcessName: MemorySample], _ begin: Instant
    ) {
        guard !totals.isEmpty else { return }
        let groups = Dictionary(grouping: processes, by: \.process.group)
        for total in totals {
            let members = groups[total.group, default: []].filter { samples[$0.process] != nil }
            // Measurements from before or during a restart do not show its effect.
            guard !members.contains(where: { queue.isUnsettled($0.process, since: begin) }) else {
                continue
            }
            guard total.isOver else {
                for member in members { observe(member, Self.totalCheck, nil, begin) }
                continue
            }
            guard let member = candidate(members, samples) else { continue }
            let violation = LimitViolation(
                process: member.process, pid: member.pid,
                size: samples[member.process]?.compared ?? 0, measure: total.measure,
                limit: total.limit, uptime: member.uptime, total: total,
                members: members.map(\.pid))
            observe(member, Self.totalCheck, violation, begin)
        }
    }

    /// The process to restart: one whose restart is pending already, otherwise the largest.
    private func candidate(
        _ members: [ObservedProcess], _ samples: [ProcessName: MemorySample]
    ) -> ObservedProcess? {
        if let waiting = members.first(where: { queue.isWaiting($0.process, for: Self.totalCheck) })
        {
            return waiting
        }
        return members.filter { $0.state == .running }.max { left, right in
            samples[left.process]?.compared ?? 0 < samples[right.process]?.compared ?? 0
        }
    }
}
