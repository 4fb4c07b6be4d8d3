/// A user name and a password, which is redacted in descriptions.
public struct Credentials: Sendable, Hashable {
    /// The user name.
    public let user: String

    /// The password, in plain text.
    public let password: String

    /// Creates credentials.
    ///
    /// - Parameters:
    ///   - user: The user name.
    ///   - password: The password, in plain text.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The user name and `<redacted>`.
    public var description: String { "\(user):<redacted>" }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// A mirror without the password, so that `dump` and test reports do not show it.
    public var customMirror: Mirror {
        Mirror(self, children: ["user": user, "password": "<redacted>"])
    }
}
