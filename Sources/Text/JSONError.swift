/// The position and reason of a JSON syntax error.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    /// The byte offset of the error.
    package let offset: Int

    /// What is wrong, as one lower-case clause.
    package let reason: String

    /// The offset and the reason.
    package var description: String { "byte \(offset): \(reason)" }
}
