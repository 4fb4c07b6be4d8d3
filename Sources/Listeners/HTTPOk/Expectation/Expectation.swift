// What an answer must be like.

/// What an answer must be like; every condition must hold.
struct Expectation {
    /// The statuses that are accepted.
    var statuses = StatusSet.usual
    /// What must be in the body.
    var texts: [String] = []
    /// What must not be in the body.
    var forbiddenTexts: [String] = []
    /// Regular expressions that must be found in the body.
    var expressions: [RegularExpression] = []
    /// Conditions on the values of a JSON body.
    var queries: [JSONQuery] = []

    /// Whether the body must be kept to be judged.
    var needsBody: Bool { !expressions.isEmpty || !queries.isEmpty }

    /// The conditions for a person.
    var description: String {
        let conditions =
            ["status \(statuses)"] + texts.map { "the text '\($0)'" }
            + forbiddenTexts.map { "no text '\($0)'" }
            + expressions.map { "a match of '\($0)'" } + queries.map { "JSON \($0)" }
        return conditions.joined(separator: ", ")
    }
}
