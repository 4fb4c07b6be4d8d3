/// Tracks exceeded limits of sites, so that each is reported once, and again when it is no longer
/// exceeded.
struct NoticeLedger {
    /// A change to report.
    enum Report: Hashable {
        /// A limit is exceeded.
        case exceeded(CheckNotice)
        /// A limit is no longer exceeded.
        case kept(CheckNotice.Kind)
    }

    private var exceeded: [String: Set<CheckNotice.Kind>] = [:]

    /// Records a result; a failed check does not affect limits.
    ///
    /// - Parameter result: The result.
    /// - Returns: The changes to report.
    mutating func take(_ result: CheckResult) -> [Report] {
        guard result.health == .healthy else { return [] }
        var kinds = exceeded.removeValue(forKey: result.check) ?? []
        var reports = result.notices.filter { kinds.insert($0.kind).inserted }
            .map(Report.exceeded)
        for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue })
        where !result.notices.contains(where: { $0.kind == kind }) {
            kinds.remove(kind)
            reports.append(.kept(kind))
        }
        if !kinds.isEmpty { exceeded[result.check] = kinds }
        return reports
    }
}
