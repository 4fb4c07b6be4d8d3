// What is wrong with a regular expression.

/// What is wrong with a regular expression.
struct RegularExpressionError: Error, Hashable {
    /// What is wrong, in glibc's words as a rule (regerror(3)).
    let reason: String
}
