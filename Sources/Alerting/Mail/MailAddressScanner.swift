/// Splits an address list into tokens.
struct MailAddressScanner {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// Returns the tokens of a text, with consecutive spaces and comments as one token.
    ///
    /// - Parameter text: An address list.
    /// - Returns: The tokens in order.
    /// - Throws: `MailAddressError` for a control character or something unclosed.
    static func tokens(of text: String) throws(MailAddressError) -> [MailAddressToken] {
        var scanner = Self(text)
        if scanner.scalars.contains(where: \.isControl) {
            throw MailAddressError(.controlCharacter, "control character in an address list")
        }
        var tokens: [MailAddressToken] = []
        while let token = try scanner.next() {
            if token == .blank && tokens.last == .blank { continue }
            tokens.append(token)
        }
        return tokens
    }

    private mutating func next() throws(MailAddressError) -> MailAddressToken? {
        guard let scalar = take() else { return nil }
        switch scalar {
        case " ": return .blank
        case ",": return .comma
        case "<": return .open
        case ">": return .close
        case "\"": return .quoted(try quotedContent())
        case "(":
            try skipComment()
            return .blank
        case ")": throw MailAddressError(.unbalancedComment, "')' without '(' in an address list")
        default: return .text(run(startingWith: scalar))
        }
    }

    private mutating func take() -> Unicode.Scalar? {
        guard position < scalars.count else { return nil }
        defer { position += 1 }
        return scalars[position]
    }

    private mutating func run(startingWith first: Unicode.Scalar) -> String {
        var text = String(first)
        while position < scalars.count {
            switch scalars[position] {
            case " ", ",", "<", ">", "\"", "(", ")": return text
            case let scalar: text.unicodeScalars.append(scalar)
            }
            position += 1
        }
        return text
    }

    private mutating func quotedContent() throws(MailAddressError) -> String {
        var content = ""
        while let scalar = take() {
            if scalar == "\"" { return content }
            if scalar != "\\" {
                content.unicodeScalars.append(scalar)
            } else if let escaped = take() {
                content.unicodeScalars.append(escaped)
            }
        }
        throw MailAddressError(.unclosedQuote, "unclosed quote in an address list")
    }

    /// Skips a comment after its `(`; comments nest (RFC 5322, section 3.2.2).
    private mutating func skipComment() throws(MailAddressError) {
        var depth = 1
        while let scalar = take() {
            switch scalar {
            case "\\": _ = take()
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            if depth == 0 { return }
        }
        throw MailAddressError(.unbalancedComment, "unclosed comment in an address list")
    }
}
