// The identity of a mail, which no other mail in the world has.

/// The identity of a mail, which no other mail in the world has.
public struct MessageID: Sendable, Hashable {
    /// The identity as a header has it, such as `<1795212103.9f3c...@web1>`.
    ///
    /// RFC 5322, section 3.6.4.
    public let text: String

    /// An identity made of what sets one mail apart from every other.
    ///
    /// - Parameters:
    ///   - seconds: The moment, in seconds since 1970.
    ///   - random: What keeps apart mails of the same moment.
    ///   - host: The name of the host; characters an identity cannot have become hyphens, and
    ///     `localhost` stands for an empty one.
    public init(seconds: Int, random: UInt64, host: String) {
        let hex = String(random, radix: 16)
        let padding = String(repeating: "0", count: 16 - hex.count)
        text = "<\(seconds).\(padding)\(hex)@\(Self.dotAtom(host))>"
    }

    /// A host's name with nothing but what a dot-atom may have (RFC 5322, section 3.2.3).
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
    /// The identity as a header has it.
    public var description: String { text }
}
