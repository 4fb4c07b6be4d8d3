// Which limits of sites are exceeded.

/// Which limits of sites are exceeded, so that each is reported once, and when it is over.
struct NoticeLedger {
    /// Something to be reported.
    enum Report: Hashable {
        /// A limit is exceeded.
        case exceeded(CheckNotice)
        /// It is not any more.
        case kept(CheckNotice.Kind)
    }

    private var exceeded: [String: Set<CheckNotice.Kind>] = [:]

    /// Takes a result; one that is not well says nothing of limits.
    ///
    /// - Parameter result: What a check has found.
    /// - Returns: What is to be reported of it.
    mutating func take(_ result: CheckResult) -> [Report] {
        guard result.verdict == .healthy else { return [] }
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
