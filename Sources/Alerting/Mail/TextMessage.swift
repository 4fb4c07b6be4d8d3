/// A text message: the host, as many incidents as fit, and the number of the others.
///
/// One message has 160 characters of the GSM 03.38 alphabet, some of which count twice, or 70 of
/// UCS-2 if it has any other character.
public enum TextMessage {
    /// Builds the text.
    ///
    /// - Parameters:
    ///   - messages: superlance's message for each incident.
    ///   - host: The host.
    /// - Returns: The text.
    public static func of(_ messages: [String], host: String) -> String {
        // Each one has its own line, and there may be thousands.
        for count in stride(from: min(messages.count, septets), to: 0, by: -1) {
            let text = text(messages.prefix(count), more: messages.count - count, host: host)
            if fits(text) { return text }
        }
        return cut(messages.first ?? "", more: messages.count - 1, host: host)
    }

    private static func text(
        _ messages: some Collection<String>, more: Int, host: String
    ) -> String {
        let rest = more > 0 ? ["+\(more) more"] : []
        return "\(host): " + (messages + rest).joined(separator: "\n")
    }

    /// The truncated first message, if not even that fits.
    private static func cut(_ message: String, more: Int, host: String) -> String {
        // Leaves room for the message after a long host name.
        let host = short(host)
        // A single character can have thousands of scalars.
        let scalars = message.unicodeScalars
        func text(_ length: Int) -> String {
            Self.text(["\(String(scalars.prefix(length)))..."], more: more, host: host)
        }
        var low = 0
        var high = scalars.count
        while low < high {
            let middle = (low + high + 1) / 2
            (low, high) = fits(text(middle)) ? (middle, high) : (low, middle - 1)
        }
        return text(low)
    }

    private static func short(_ host: String) -> String {
        var host = host
        while host.utf16.count > 30 { host.unicodeScalars.removeLast() }
        return host
    }

    /// Whether a text fits into one message.
    static func fits(_ text: String) -> Bool {
        // No character of the alphabet has more than two bytes for each time it counts.
        guard text.utf8.count <= 2 * septets else { return false }
        var count = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                count += 1
            } else if extended.contains(scalar) {
                count += 2
            } else {
                return text.utf16.count <= 70
            }
        }
        return count <= septets
    }

    /// The number of characters in one message.
    private static let septets = 160

    /// 3GPP TS 23.038 (GSM 03.38), section 6.2.1: the default alphabet.
    private static let basic = Set(
        """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡\
        ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà
        """.unicodeScalars)

    /// Section 6.2.1.1: characters that need an escape and count twice.
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
