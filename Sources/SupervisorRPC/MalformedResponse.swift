// Why bytes are no answer of XML-RPC.

/// The bytes are no answer of XML-RPC, or not one that was expected.
public struct MalformedResponse: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with them, as one clause.
    public let description: String

    /// Says what is wrong.
    ///
    /// - Parameter description: One clause.
    public init(_ description: String) { self.description = description }
}
