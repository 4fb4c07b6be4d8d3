internal import Curl

/// The conditions on a response; all must be met.
struct Expectation {
    /// Why a response fails the check.
    enum Failure: Equatable {
        /// Its status is not accepted.
        case status
        /// Its body does not meet these conditions, each given as a clause.
        case body([String])
    }

    /// The accepted statuses, `-c`: 200 by default.
    var statuses = StatusSet.default
    /// Texts that the body must contain.
    var texts: [String] = []
    /// Texts that the body must not contain.
    var forbiddenTexts: [String] = []
    /// Regular expressions that the body must match.
    var expressions: [RegularExpression] = []
    /// Conditions on the values of a JSON body.
    var queries: [JSONQuery] = []

    /// Judges a response: by its status, then by its body.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - bodyFaults: The conditions that its body does not meet, each as a clause; evaluated only
    ///     if the status is accepted.
    /// - Returns: The failure; nil if the response meets all conditions.
    func failure(
        of response: HTTPResponse, bodyFaults: @autoclosure () -> [String] = []
    ) -> Failure? {
        guard statuses.contains(response.status) else { return .status }
        let faults = bodyFaults()
        return faults.isEmpty ? nil : .body(faults)
    }

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
