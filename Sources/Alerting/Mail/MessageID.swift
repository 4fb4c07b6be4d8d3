/// The globally unique identifier of a mail.
public struct MessageID: Sendable, Hashable {
    /// The Message-ID for a header, such as `<1795212103.9f3c...@web1>`.
    ///
    /// RFC 5322, section 3.6.4.
    public let text: String

    /// What distinguishes it, in hexadecimal digits.
    let unique: String

    /// Creates a Message-ID.
    ///
    /// - Parameters:
    ///   - seconds: The time, in seconds since 1970.
    ///   - random: Distinguishes mails of the same second.
    ///   - host: The host name; invalid characters become hyphens; `localhost` if empty.
    public init(seconds: Int, random: UInt64, host: String) {
        let hex = String(random, radix: 16)
        let padding = String(repeating: "0", count: 16 - hex.count)
        unique = "\(padding)\(hex)"
        text = "<\(seconds).\(unique)@\(Self.dotAtom(host))>"
    }

    /// A host name with only the characters of a dot-atom (RFC 5322, section 3.2.3).
    static func dotAtom(_ host: String) -> String {
        let bytes = host.utf8.prefix(255).map { byte in
            let isPlain = byte == UInt8(ascii: ".") || (byte < 0x80 && byte.isAtomText)
            return isPlain ? byte : UInt8(ascii: "-")
        }
        let labels = bytes.split(separator: UInt8(ascii: "."))
        let name = labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        return name.isEmpty ? "localhost" : name
    }
}

extension MessageID: CustomStringConvertible {
    /// The Message-ID for a header.
    public var description: String { text }
}
