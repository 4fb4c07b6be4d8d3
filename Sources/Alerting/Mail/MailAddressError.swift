/// Why a text is not a valid address list.
///
/// The description is one lower-case clause that quotes the invalid element.
public struct MailAddressError: Error, Equatable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Sendable, Equatable {
        /// A control character or line end.
        case controlCharacter
        /// A `"` is not closed.
        case unclosedQuote
        /// A `(` is not closed, or a `)` was not opened.
        case unbalancedComment
        /// A `<` or `>` without its counterpart, or nested ones.
        case unbalancedAngle
        /// No address between `<` and `>`.
        case emptyAngle
        /// Text after the closing `>`.
        case textAfterAngle
        /// White space or a comment inside the address.
        case whiteSpace
        /// An unquoted special character in the address or name.
        case badCharacter
        /// No text before the `@`.
        case noLocalPart
        /// No valid domain after the `@`.
        case badDomain
        /// A quoted name without an address.
        case noAddress
        /// An address longer than `MailAddress.maximumLength`.
        case tooLong
        /// A list without addresses.
        case emptyList
    }

    /// The kind of error.
    public let code: Code

    /// What is wrong, as one lower-case clause without a full stop.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
