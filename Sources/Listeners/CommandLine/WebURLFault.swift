/// Why a URL is invalid, and how to correct it.
///
/// It shows at most one character of the URL, which may contain a password.
enum WebURLFault: Error, Hashable {
    /// Not an http or https URL with a host.
    case form
    /// A space or control character.
    case space
    /// An `@` in the credentials.
    case at
    /// A slash, question mark or number sign in the credentials.
    case delimiter
    /// A control character in the credentials, even as `%0A`.
    case control
    /// An invalid character in the host.
    case host(UnicodeScalar)
    /// A port that is not a number from 1 to 65535.
    case port

    /// What to change, as one clause; nil if the text is not a URL at all.
    var advice: String? {
        switch self {
        case .form: nil
        case .space: "write %20 for a space"
        case .at: "write %40 for '@' in the login"
        case .delimiter: "write %2F, %3F and %23 for '/', '?' and '#' in the login"
        case .control: "remove the control character from the login"
        case .host("$"):
            "a host cannot contain '$'; in supervisord.conf write %(ENV_NAME)s for the variable NAME"
        case .host(let scalar):
            scalar.properties.generalCategory == .control
                ? "a host cannot contain a control character" : "a host cannot contain '\(scalar)'"
        case .port: "the port is a number from 1 to 65535"
        }
    }
}
