/// Reads a body as it arrives, and keeps only as much as necessary.
struct BodyCheck {
    /// The maximum size of a body that must be kept: 1 MiB.
    static let limit = 1_048_576

    /// How much of a body is shown.
    static let excerptLimit = 200

    private let expectation: Expectation
    private var searches: [StreamSearch]
    private var forbiddenSearches: [StreamSearch]

    /// The beginning of the body.
    private(set) var excerpt: [UInt8] = []

    /// The body, if it must be kept, up to the limit.
    private(set) var body: [UInt8] = []

    /// Whether ``body`` is truncated.
    private var isCut = false

    /// Begins a body.
    init(_ expectation: Expectation) {
        self.expectation = expectation
        searches = expectation.texts.map { StreamSearch(Array($0.utf8)) }
        forbiddenSearches = expectation.forbiddenTexts.map { StreamSearch(Array($0.utf8)) }
    }

    /// Reads the next chunk.
    ///
    /// - Parameter bytes: The chunk.
    /// - Returns: Whether more can change the health.
    mutating func feed(_ bytes: [UInt8]) -> Bool {
        excerpt += bytes.prefix(Self.excerptLimit - excerpt.count)
        for index in searches.indices { searches[index].feed(bytes) }
        for index in forbiddenSearches.indices { forbiddenSearches[index].feed(bytes) }
        if expectation.needsBody {
            body += bytes.prefix(Self.limit - body.count)
            isCut = isCut || body.count == Self.limit
        }
        return wantsMore
    }

    private var wantsMore: Bool {
        if forbiddenSearches.contains(where: \.isFound) { return false }
        // An endless response fails, unless all expected texts have been found.
        let isComplete = searches.allSatisfy(\.isFound) && forbiddenSearches.isEmpty
        guard expectation.needsBody else { return searches.isEmpty || !isComplete }
        return !isCut
    }

    /// The conditions that are not met, each as one clause, except those of regular expressions.
    var faults: [String] {
        let missing = zip(expectation.texts, searches).filter { !$1.isFound }
        let forbidden = zip(expectation.forbiddenTexts, forbiddenSearches).filter { $1.isFound }
        return missing.map { "the body lacks '\($0.0)'" }
            + forbidden.map { "the body contains '\($0.0)'" } + queryFaults
    }

    private var queryFaults: [String] {
        guard !expectation.queries.isEmpty else { return [] }
        guard !isCut else { return ["the response is too large for --json: 1 MiB or more"] }
        return expectation.queries.compactMap { $0.fault(in: body) }
    }
}
