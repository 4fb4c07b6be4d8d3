// Gives every mail of this process an identity.

import Glibc

/// Gives every mail of this process an identity.
public struct MessageIDSource: Sendable {
    private let host: String
    private var counter: UInt = 0

    /// A source that has made none yet.
    ///
    /// - Parameter host: The name of this host.
    public init(host: String) {
        self.host = host
    }

    /// The next identity.
    ///
    /// - Parameter seconds: The moment, in seconds since 1970.
    /// - Returns: An identity no mail had before.
    public mutating func next(at seconds: Int) -> MessageID {
        counter &+= 1
        return MessageID(
            seconds: seconds, processID: getpid(), counter: counter,
            random: UInt64.random(in: .min ... .max), host: host)
    }
}
