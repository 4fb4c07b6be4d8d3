/// A payload lacks a field that its event's name requires.
public struct PayloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The missing field, as one lower-case clause.
    public let description: String

    init(_ name: EventName, lacks what: String) {
        description = "a \(name) event without \(what)"
    }
}
