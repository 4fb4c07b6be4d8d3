// One recipient or sender of mail: the address for the envelope and the text for the header.

/// One recipient or sender of mail.
///
/// A value exists only of an address that was checked, so what it yields can stand in a header
/// and in an SMTP command as it is: it holds no control character, no blank outside quotes and
/// no bracket.
public struct MailAddress: Sendable, Hashable {
    /// The most octets an address may have: 64 before the `@`, 255 after it.
    ///
    /// RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.2.
    public static let maximumLength = 320

    /// The name shown in place of the address, decoded; nil when none was given.
    public let displayName: String?

    /// The address proper (`addr-spec`), such as `a@b.c` or the bare local name `root`.
    ///
    /// RFC 5322, section 3.4.1. A bare name is what a local sendmail completes.
    public let mailbox: String

    init(displayName: String?, mailbox: String) {
        self.displayName = displayName
        self.mailbox = mailbox
    }

    /// Whether the address itself, not just its name, has characters outside ASCII.
    ///
    /// Such an address needs a server that offers SMTPUTF8 (RFC 6531).
    public var needsUTF8: Bool {
        mailbox.utf8.contains { $0 >= 0x80 }
    }

    /// The address as it stands in a header, such as `"Last, First" <a@b.c>`.
    ///
    /// A name beyond ASCII becomes encoded-words (RFC 2047, section 5, rule 3); one with special
    /// characters a quoted string (RFC 5322, section 3.2.4).
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
        // Backslashes can make a word too long for a line that was not.
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
    /// The address proper.
    public var description: String { mailbox }
}
