/// A validated mail address with an optional name.
///
/// It is safe to use in a header and in an SMTP command: it contains no control characters, no
/// spaces outside quotes and no brackets.
public struct MailAddress: Sendable, Hashable {
    /// The maximum length in octets: 64 before the `@`, 255 after it.
    ///
    /// RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.2.
    public static let maximumLength = 320

    /// The decoded display name; nil if there is none.
    public let displayName: String?

    /// The address itself (`addr-spec`), such as `a@b.c` or the local name `root`.
    ///
    /// RFC 5322, section 3.4.1. A local sendmail completes a name without a host.
    public let mailbox: String

    init(displayName: String?, mailbox: String) {
        self.displayName = displayName
        self.mailbox = mailbox
    }

    /// Whether the address itself, not just its name, has characters beyond ASCII.
    ///
    /// Such an address requires a server with SMTPUTF8 (RFC 6531).
    public var needsUTF8: Bool {
        mailbox.utf8.contains { $0 >= 0x80 }
    }

    /// The address for a header, such as `"Last, First" <a@b.c>`.
    ///
    /// A name beyond ASCII is written as encoded-words (RFC 2047, section 5, rule 3), one with
    /// special characters as a quoted string (RFC 5322, section 3.2.4).
    public var headerText: String {
        guard let displayName else { return mailbox }
        return "\(Self.phrase(displayName)) <\(mailbox)>"
    }

    private static func phrase(_ name: String) -> String {
        if HeaderEncoding.isNeeded(for: name) {
            return HeaderEncoding.encodedWords(name, in: .phrase)
        }
        let words = name.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let isPlain = words.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isAtomText) }
        let phrase = isPlain ? name : quoted(name)
        // Backslashes can make a word too long for a line.
        return HeaderEncoding.isNeeded(for: phrase)
            ? HeaderEncoding.encodedWords(name, in: .phrase) : phrase
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

extension MailAddress: CustomStringConvertible {
    /// The address itself.
    public var description: String { mailbox }
}
