/// An invalid regular expression.
struct RegularExpressionError: Error, Hashable {
    /// What is wrong, usually glibc's message (regerror(3)).
    let reason: String
}
