/// A syntax error in a condition on JSON.
struct JSONQueryError: Error, Hashable {
    /// What is wrong, such as `a name is missing`.
    let problem: String
    /// The position in characters.
    let offset: Int
    /// What to change, unless that is plain.
    var advice: String?
}

extension JSONQueryError: CustomStringConvertible {
    /// The problem and its position as a clause, and what to change.
    var description: String {
        let place = "\(problem) at character \(offset + 1)"
        return advice.map { "\(place); \($0)" } ?? place
    }
}
