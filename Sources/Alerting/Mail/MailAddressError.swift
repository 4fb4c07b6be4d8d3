// Why a text is not a list of mail addresses.

/// Why a text is not a list of mail addresses.
///
/// The description is one lower-case clause that quotes the element at fault.
public struct MailAddressError: Error, Equatable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: Sendable, Equatable {
        /// A control character, a line end among them, stands somewhere in the text.
        case controlCharacter
        /// A `"` is not closed.
        case unclosedQuote
        /// A `(` is not closed, or a `)` was not opened.
        case unbalancedComment
        /// A `<` is not closed, a `>` was not opened, or one stands inside the other.
        case unbalancedAngle
        /// Nothing stands between `<` and `>`, or only blanks.
        case emptyAngle
        /// Something follows the closing `>`.
        case textAfterAngle
        /// White space or a comment stands inside the address proper.
        case whiteSpace
        /// A character stands in the address or before it that must be quoted or left out.
        case badCharacter
        /// Nothing stands before the `@`.
        case noLocalPart
        /// Nothing, or no domain, stands after the `@`.
        case badDomain
        /// The element is a quoted name without an address.
        case noAddress
        /// The address is longer than `MailAddress.maximumLength`.
        case tooLong
        /// The list holds no address at all.
        case emptyList
    }

    /// The kind of fault.
    public let code: Code

    /// What is wrong, as one lower-case clause without a full stop.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
