/// A JSON value, in as much detail as comparisons need.
package enum JSONScalar: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number as written.
    case number(String)
    /// A string, unescaped.
    case string(String)
    /// An array, without its elements.
    case array
    /// An object, without its members.
    case object
}
