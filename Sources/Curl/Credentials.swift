// A user's name and password, which never show themselves.

/// A login: a user's name and the password, of which no description shows the latter.
public struct Credentials: Sendable, Hashable {
    /// The user's name.
    public let user: String

    /// The password, in the clear.
    public let password: String

    /// Takes a login over.
    ///
    /// - Parameters:
    ///   - user: The user's name.
    ///   - password: The password, in the clear.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The user's name and the word `<redacted>`.
    public var description: String { "\(user):<redacted>" }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// A mirror without the password, so that `dump` and test reports do not show it either.
    public var customMirror: Mirror {
        Mirror(self, children: ["user": user, "password": "<redacted>"])
    }
}
