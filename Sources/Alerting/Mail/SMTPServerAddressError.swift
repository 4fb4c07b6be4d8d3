/// Why a text is not a valid SMTP server address.
public enum SMTPServerAddressError: Error, Hashable, CustomStringConvertible {
    /// The host is missing.
    case noHost
    /// The host has an invalid character, or the brackets do not contain an IPv6 address.
    case badHost
    /// The port is not a number from 1 to 65535.
    case badPort
    /// A scheme other than `smtp` and `smtps`.
    case unknownScheme
    /// A user or password before an `@`.
    case userInformation
    /// A path, query or fragment after the host.
    case path

    /// What is wrong, as one lower-case clause without a full stop.
    ///
    /// It never includes the text, which may contain a password.
    public var description: String {
        switch self {
        case .noHost: "the SMTP server has no host"
        case .badHost: "the SMTP server's host is neither a host name nor an address"
        case .badPort: "the SMTP server's port is not a number from 1 to 65535"
        case .unknownScheme: "the SMTP server's scheme is neither smtp nor smtps"
        case .userInformation: "the SMTP server's address contains a user name: use --userName"
        case .path: "the SMTP server's address has text after host and port"
        }
    }
}
