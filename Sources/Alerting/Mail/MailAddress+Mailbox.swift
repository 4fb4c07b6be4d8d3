// Validates the address itself.

internal import Text

extension MailAddress {
    /// Creates the address from its tokens.
    ///
    /// RFC 5322, section 3.4.1, without white space around dots; dots are allowed anywhere before
    /// the `@`, since some providers have issued such addresses.
    ///
    /// - Parameters:
    ///   - tokens: The tokens of the address.
    ///   - source: The list element, for errors.
    /// - Returns: The address with its quotes.
    /// - Throws: `MailAddressError` when it is invalid.
    static func mailbox(
        _ tokens: ArraySlice<MailAddressToken>, of source: String
    ) throws(MailAddressError) -> String {
        guard !tokens.contains(where: hasWhiteSpace) else {
            throw MailAddressError(.whiteSpace, "white space inside the address '\(source)'")
        }
        for case .text(let text) in tokens { try checkTypography(text, of: source) }
        let (local, domain) = try parts(of: tokens, of: source)
        guard !local.isEmpty else {
            throw MailAddressError(.noLocalPart, "nothing before '@' in '\(source)'")
        }
        if let domain {
            try checkDomain(domain, of: source)
        } else if local.utf8.first == UInt8(ascii: "\"") {
            throw MailAddressError(.noAddress, "a name without an address in '\(source)'")
        }
        let mailbox = domain.map { "\(local)@\($0)" } ?? local
        guard mailbox.utf8.count <= maximumLength else {
            throw MailAddressError(
                .tooLong, "an address of \(mailbox.utf8.count) octets, more than \(maximumLength)")
        }
        return mailbox
    }

    /// Splits at the first `@` outside quotes.
    private static func parts(
        of tokens: ArraySlice<MailAddressToken>, of source: String
    ) throws(MailAddressError) -> (local: String, domain: String?) {
        var local = ""
        var domain: String?
        // A quoted string is a whole word of the local part, between dots.
        var isAfterQuote = false
        for token in tokens {
            switch token {
            case .text(let text) where domain == nil:
                guard !isAfterQuote || text.hasPrefix(".") || text.hasPrefix("@") else {
                    throw MailAddressError(.badCharacter, "text after a quote in '\(source)'")
                }
                isAfterQuote = false
                let halves = text.split(
                    separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
                try reject("()<>[]:;@\\,\"", in: halves[0], of: source)
                local += halves[0]
                if halves.count > 1 { domain = String(halves[1]) }
            case .quoted where domain == nil:
                guard local.isEmpty || local.hasSuffix(".") else {
                    throw MailAddressError(.badCharacter, "unexpected '\"' in '\(source)'")
                }
                isAfterQuote = true
                local += token.source
            case .text, .quoted: domain? += token.source
            case .blank, .comma, .open, .close: try reject(",<>", in: token.source, of: source)
            }
        }
        return (local, domain)
    }

    /// Whether a token is white space or, outside quotes, contains Unicode white space.
    private static func hasWhiteSpace(_ token: MailAddressToken) -> Bool {
        switch token {
        case .blank: true
        case .text(let text): text.unicodeScalars.contains(where: \.properties.isWhitespace)
        default: false
        }
    }

    /// Throws for quotes and other characters of pasted text that no address contains.
    ///
    /// RFC 6531 permits them before the `@`, but the mail would go to nobody.
    private static func checkTypography(
        _ text: String, of source: String
    ) throws(MailAddressError) {
        for scalar in text.unicodeScalars where !scalar.isASCII {
            if scalar.isTypographicQuote || scalar == "\u{FF20}" {
                let remedy = scalar == "\u{FF20}" ? "write @ instead of" : "remove"
                throw MailAddressError(.badCharacter, "\(remedy) '\(scalar)' in '\(source)'")
            }
            if scalar.isInvisible {
                let number = String(scalar.value, radix: 16, uppercase: true)
                throw MailAddressError(
                    .badCharacter, "remove the invisible character U+\(number) in '\(source)'")
            }
        }
    }

    private static func checkDomain(
        _ domain: String, of source: String
    ) throws(MailAddressError) {
        let isValid: Bool
        if domain.hasPrefix("["), domain.hasSuffix("]"), domain.utf8.count > 2 {
            // A domain literal: any printable ASCII except brackets and the backslash (dtext).
            isValid = domain.utf8.dropFirst().dropLast().allSatisfy {
                (0x21...0x7E).contains($0) && !(0x5B...0x5D).contains($0)
            }
        } else {
            let labels = domain.utf8.split(
                separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            isValid = labels.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isAtomText) }
        }
        guard isValid else {
            throw MailAddressError(.badDomain, "no valid domain after '@' in '\(source)'")
        }
    }

    /// Throws if the text contains one of the characters.
    static func reject(
        _ forbidden: String, in text: some StringProtocol, of source: String
    ) throws(MailAddressError) {
        let found = text.unicodeScalars.first { scalar in
            forbidden.unicodeScalars.contains(scalar)
        }
        guard let found else { return }
        throw MailAddressError(.badCharacter, "unexpected '\(found)' in '\(source)'")
    }
}
