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

    private struct Entry {
        let label: String
        var kinds: Set<CheckNotice.Kind>
    }

    private var entries: [String: Entry] = [:]

    /// Records a result; a failed check does not affect limits.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - isKnown: Whether an earlier run has reported that a limit is exceeded.
    /// - Returns: The changes to report; checks with one label have one alert.
    mutating func take(
        _ result: CheckResult, isKnown: (CheckNotice.Kind) -> Bool = { _ in false }
    ) -> [Report] {
        guard result.health == .healthy else { return [] }
        var kinds =
            entries[result.identity]?.kinds ?? Set(CheckNotice.Kind.allCases.filter(isKnown))
        entries[result.identity] = Entry(label: result.label, kinds: [])
        let others = entries.values.filter { $0.label == result.label }
            .reduce(into: Set()) { $0.formUnion($1.kinds) }
        var reports = result.notices.filter { kinds.insert($0.kind).inserted }
            .filter { !others.contains($0.kind) }.map(Report.exceeded)
        for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue })
        where !result.notices.contains(where: { $0.kind == kind }) {
            kinds.remove(kind)
            if !others.contains(kind) { reports.append(.kept(kind)) }
        }
        entries[result.identity]?.kinds = kinds
        return reports
    }
}
