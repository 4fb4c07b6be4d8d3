/// A token of an address list.
enum MailAddressToken: Equatable {
    /// White space or comments, which are equivalent (RFC 5322, section 3.2.2).
    case blank
    /// The unescaped content of a quoted string.
    case quoted(String)
    /// Other text up to the next token.
    case text(String)
    /// `,`
    case comma
    /// `<`
    case open
    /// `>`
    case close

    /// The token as written.
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
