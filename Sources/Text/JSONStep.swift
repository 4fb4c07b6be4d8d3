// One step on the way to a value in JSON.

/// One step on the way to a value in JSON.
package enum JSONStep: Hashable, Sendable {
    /// To the member of an object with this name.
    case key(String)
    /// To the element of an array, counted from 0.
    case index(Int)
}
