// Where a text is not JSON, and why.

/// Where a text is not JSON, and why.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    /// How many bytes come before the place.
    package let offset: Int

    /// What is wrong there, as one lower-case clause.
    package let reason: String

    /// The place and the reason.
    package var description: String { "byte \(offset): \(reason)" }
}
