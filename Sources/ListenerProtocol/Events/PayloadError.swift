// The error of a payload that does not say what its event's name promises.

/// A payload lacks something that its event's name promises.
public struct PayloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is missing, in one lower-case clause.
    public let description: String

    init(_ name: EventName, lacks what: String) {
        description = "a \(name) event without \(what)"
    }
}
