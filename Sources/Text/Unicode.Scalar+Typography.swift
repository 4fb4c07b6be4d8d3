// Characters that word processors, wikis and chats put in place of those that were typed.

extension Unicode.Scalar {
    /// Whether the character is a quotation mark beyond ASCII, such as `\u{201C}`: the initial and
    /// final punctuation of Unicode, and the marks in other categories.
    package var isTypographicQuote: Bool {
        switch properties.generalCategory {
        case .initialPunctuation, .finalPunctuation: return true
        default:
            let others: Set<Unicode.Scalar> = [
                "\u{201A}", "\u{201E}", "\u{301D}", "\u{301E}", "\u{301F}", "\u{FF02}", "\u{FF07}",
            ]
            return others.contains(self)
        }
    }

    /// Whether the character is invisible, such as the zero-width space U+200B.
    ///
    /// The two joiners are not meant: names in some scripts need them (RFC 5892, appendix A).
    package var isInvisible: Bool {
        properties.generalCategory == .format && self != "\u{200C}" && self != "\u{200D}"
    }

    /// Whether the character is a dash beyond ASCII, such as the en dash U+2013.
    package var isTypographicDash: Bool {
        !isASCII && (properties.generalCategory == .dashPunctuation || self == "\u{2212}")
    }
}
