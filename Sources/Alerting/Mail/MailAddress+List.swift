// Parses address lists.

extension MailAddress {
    /// Parses an address list as in a header: `root, Name <a@b.c>, "Last, First" <d@e.f>`.
    ///
    /// Commas in quotes, angle brackets and comments do not separate addresses; empty elements and
    /// comments are ignored. Names may contain characters that strictly require quotes (dots, `@`,
    /// square brackets); they are quoted when written. Groups (`name: a, b;`) and source routes are
    /// not supported.
    ///
    /// RFC 5322, sections 3.4 and 4.4 (`obs-addr-list`), and RFC 6532 for characters beyond ASCII.
    ///
    /// - Parameter text: The list.
    /// - Returns: The addresses in order, at least one.
    /// - Throws: `MailAddressError` for the first error, or when the list has no address.
    public static func list(_ text: String) throws(MailAddressError) -> [MailAddress] {
        var addresses: [MailAddress] = []
        for element in elements(of: try MailAddressScanner.tokens(of: text)) {
            let tokens = trimmed(element)
            guard !tokens.isEmpty else { continue }
            addresses.append(try address(tokens))
        }
        guard !addresses.isEmpty else {
            throw MailAddressError(.emptyList, "no address in an address list")
        }
        return addresses
    }

    /// Splits tokens at commas outside angle brackets.
    private static func elements(of tokens: [MailAddressToken]) -> [ArraySlice<MailAddressToken>] {
        var isInside = false
        return tokens.split(omittingEmptySubsequences: true) { token in
            if token == .open { isInside = true }
            if token == .close { isInside = false }
            return token == .comma && !isInside
        }
    }

    private static func trimmed(
        _ tokens: ArraySlice<MailAddressToken>
    ) -> ArraySlice<MailAddressToken> {
        var tokens = tokens
        if tokens.first == .blank { tokens.removeFirst() }
        if tokens.last == .blank { tokens.removeLast() }
        return tokens
    }

    private static func address(
        _ tokens: ArraySlice<MailAddressToken>
    ) throws(MailAddressError) -> MailAddress {
        let source = tokens.map(\.source).joined()
        guard let open = tokens.firstIndex(of: .open) else {
            guard !tokens.contains(.close) else {
                throw MailAddressError(.unbalancedAngle, "'>' without '<' in '\(source)'")
            }
            return MailAddress(displayName: nil, mailbox: try mailbox(tokens, of: source))
        }
        let name = try displayName(trimmed(tokens[..<open]), of: source)
        let rest = tokens[(open + 1)...]
        guard let close = rest.firstIndex(of: .close), !rest[..<close].contains(.open) else {
            throw MailAddressError(.unbalancedAngle, "unclosed '<' in '\(source)'")
        }
        guard close == tokens.endIndex - 1 else {
            throw MailAddressError(.textAfterAngle, "text after '>' in '\(source)'")
        }
        let inner = trimmed(rest[..<close])
        guard !inner.isEmpty else {
            throw MailAddressError(.emptyAngle, "no address between '<' and '>' in '\(source)'")
        }
        return MailAddress(displayName: name, mailbox: try mailbox(inner, of: source))
    }

    private static func displayName(
        _ tokens: ArraySlice<MailAddressToken>, of source: String
    ) throws(MailAddressError) -> String? {
        var name = ""
        for token in tokens {
            switch token {
            case .blank: name += " "
            case .quoted(let content): name += content
            case .text(let text):
                try reject(":;", in: text, of: source)
                name += text
            case .comma, .open: break
            case .close:
                throw MailAddressError(.unbalancedAngle, "'>' without '<' in '\(source)'")
            }
        }
        let words = name.split(separator: " ", omittingEmptySubsequences: true)
        return words.isEmpty ? nil : name
    }
}
