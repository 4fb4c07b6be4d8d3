/// The bytes are not a valid or expected XML-RPC response.
public struct ResponseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as one clause.
    public let description: String

    /// Creates an error.
    ///
    /// - Parameter description: One clause.
    public init(_ description: String) { self.description = description }
}
