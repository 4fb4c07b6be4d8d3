// The pieces of an address list: what is left of it once quotes and comments are understood.

/// A piece of an address list.
enum MailAddressToken: Equatable {
    /// White space or comments, which mean the same (RFC 5322, section 3.2.2).
    case blank
    /// The content of a quoted string, its backslashes resolved.
    case quoted(String)
    /// Anything else up to the next of the other pieces.
    case text(String)
    /// `,`
    case comma
    /// `<`
    case open
    /// `>`
    case close

    /// The piece as it would be written.
    var source: String {
        switch self {
        case .blank: " "
        case .quoted(let content): MailAddress.quoted(content)
        case .text(let text): text
        case .comma: ","
        case .open: "<"
        case .close: ">"
        }
    }
}
