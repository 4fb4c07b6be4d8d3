// Why a text does not name an SMTP server.

/// Why a text does not name an SMTP server.
public enum SMTPServerAddressError: Error, Hashable, CustomStringConvertible {
    /// Nothing stands where the host should.
    case noHost
    /// The host has a character no host name has, or brackets hold no IPv6 address.
    case badHost
    /// The port is no number from 1 to 65535.
    case badPort
    /// A scheme other than `smtp` and `smtps`.
    case unknownScheme
    /// A user or a password stands before an `@`.
    case userInformation
    /// A path, query or fragment follows the host.
    case path

    /// What is wrong, as one lower-case clause without a full stop.
    ///
    /// It never quotes the text, which may hold a password.
    public var description: String {
        switch self {
        case .noHost: "the SMTP server has no host"
        case .badHost: "the SMTP server's host is neither a host name nor an address"
        case .badPort: "the SMTP server's port is not a number from 1 to 65535"
        case .unknownScheme: "the SMTP server's scheme is neither smtp nor smtps"
        case .userInformation: "the SMTP server has a user in it, which belongs elsewhere"
        case .path: "the SMTP server has something behind its host and port"
        }
    }
}
