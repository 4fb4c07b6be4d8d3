/// A syntax error in a condition on JSON.
struct JSONQueryError: Error, Hashable {
    /// What is missing.
    let expected: String
    /// The position in characters.
    let offset: Int
}
