// A value in JSON, as far as it can be compared with something.

/// A value in JSON, as far as it can be compared with something.
package enum JSONScalar: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number as it is written.
    case number(String)
    /// A string without its escapes.
    case string(String)
    /// An array, whatever is in it.
    case array
    /// An object, whatever is in it.
    case object
}
