/// The conditions on a response; all must be met.
struct Expectation {
    /// The accepted statuses.
    var statuses = StatusSet.default
    /// Texts that the body must contain.
    var texts: [String] = []
    /// Texts that the body must not contain.
    var forbiddenTexts: [String] = []
    /// Regular expressions that the body must match.
    var expressions: [RegularExpression] = []
    /// Conditions on the values of a JSON body.
    var queries: [JSONQuery] = []

    /// Whether the body must be kept.
    var needsBody: Bool { !expressions.isEmpty || !queries.isEmpty }

    /// Whether superlance has these conditions, so that its own texts are used.
    var isOriginal: Bool {
        texts.count < 2 && forbiddenTexts.isEmpty && expressions.isEmpty && queries.isEmpty
    }

    /// The conditions as text.
    var description: String {
        let conditions =
            ["status \(statuses)"] + texts.map { "the text '\($0)'" }
            + forbiddenTexts.map { "no text '\($0)'" }
            + expressions.map { "a match of '\($0)'" } + queries.map { "JSON \($0)" }
        return conditions.joined(separator: ", ")
    }
}
