// What is wrong with a URL.

/// What is wrong with a URL, so that a person can mend it; nothing of the URL itself but a
/// character is shown, since it may hold a password.
enum WebURLFault: Error, Hashable {
    /// It is no http or https URL with a host at all.
    case form
    /// A space or control character is in it.
    case space
    /// An `@` is in the login.
    case at
    /// A slash, question mark or number sign is in the login.
    case delimiter
    /// A control character is in the login, if only in the form of `%0A`.
    case control
    /// A character that no host has.
    case host(UnicodeScalar)
    /// The port is no number from 1 to 65535.
    case port

    /// What to change, as one clause; nil if the URL as a whole is something else.
    var advice: String? {
        switch self {
        case .form: nil
        case .space: "write %20 for a space"
        case .at: "write %40 for '@' in the login"
        case .delimiter: "write %2F, %3F and %23 for '/', '?' and '#' in the login"
        case .control: "remove the control character from the login"
        case .host("$"):
            "a host has no '$'; in supervisord.conf write %(ENV_NAME)s for the variable NAME"
        case .host(let scalar):
            scalar.properties.generalCategory == .control
                ? "a host has no control character" : "a host has no '\(scalar)'"
        case .port: "the port is a number from 1 to 65535"
        }
    }
}
