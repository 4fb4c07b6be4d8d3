/// The accepted HTTP statuses: `200`, `200-299`, `2xx`, `!204`, and combinations.
struct StatusSet: Hashable, CustomStringConvertible {
    /// The terms as written.
    private var terms: [String] = []
    private var accepted: [ClosedRange<Int>] = []
    private var rejected: [ClosedRange<Int>] = []

    /// 200 only, as in superlance.
    static let `default` = StatusSet(adding: ["200"]) ?? StatusSet()

    /// Accepts every status.
    init() {}

    /// Parses several terms; nil if one of them is invalid.
    init?(adding terms: [Substring]) {
        for term in terms {
            let isRejected = term.hasPrefix("!")
            guard let range = Self.range(isRejected ? term.dropFirst() : term) else { return nil }
            if isRejected { rejected.append(range) } else { accepted.append(range) }
            self.terms.append(String(term))
        }
    }

    /// Returns the union of both sets.
    func adding(_ other: StatusSet) -> StatusSet {
        var sum = self
        sum.terms += other.terms
        sum.accepted += other.accepted
        sum.rejected += other.rejected
        return sum
    }

    /// Whether a status is accepted.
    ///
    /// A rejected status is never accepted; if there are only rejected ones, all others are
    /// accepted.
    func contains(_ status: Int) -> Bool {
        guard !rejected.contains(where: { $0.contains(status) }) else { return false }
        return accepted.isEmpty || accepted.contains { $0.contains(status) }
    }

    /// The terms, separated by commas.
    var description: String { terms.joined(separator: ", ") }

    /// Parses `200`, `200-299` or `2xx`, within 100 to 599 (RFC 9110, section 15).
    private static func range(_ term: Substring) -> ClosedRange<Int>? {
        let ends = term.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { Int($0) }
        if numbers.count == ends.count, let first = numbers.first, let last = numbers.last {
            guard ends.count <= 2, first <= last, first >= 100, last <= 599 else { return nil }
            return first...last
        }
        let digits = term.prefix { ("0"..."9").contains($0) }
        let unknown = term.dropFirst(digits.count)
        guard term.count == 3, !digits.isEmpty, unknown.allSatisfy({ "xX".contains($0) }),
            let lower = Int(digits + unknown.map { _ in "0" }),
            let upper = Int(digits + unknown.map { _ in "9" }), (100...599).contains(lower)
        else { return nil }
        return lower...upper
    }
}
