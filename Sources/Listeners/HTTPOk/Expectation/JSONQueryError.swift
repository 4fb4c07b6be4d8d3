// What is wrong with a condition on JSON.

/// What is wrong with a condition on JSON, and where.
struct JSONQueryError: Error, Hashable {
    /// What belongs there.
    let wanted: String
    /// How many characters come before the place.
    let offset: Int
}
