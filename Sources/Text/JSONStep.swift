/// One step of a path to a JSON value.
package enum JSONStep: Hashable, Sendable {
    /// The member of an object with this name.
    case key(String)
    /// The element of an array at this index, counted from 0.
    case index(Int)
}
