// A text for a telephone, in as many characters as one message has.

/// A text for a telephone: host first, as many incidents as fit into one message, and how many
/// more.
///
/// One message has 160 characters of the alphabet of GSM 03.38, of which some count twice, or 70 of
/// UCS-2 when one of them is not in it.
public enum TextMessage {
    /// Puts the text together.
    ///
    /// - Parameters:
    ///   - messages: What superlance says of each incident.
    ///   - host: The host.
    /// - Returns: The text.
    public static func of(_ messages: [String], host: String) -> String {
        // Each has a line of its own, and a storm has thousands.
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

    /// The first message without its end, where not even that fits.
    private static func cut(_ message: String, more: Int, host: String) -> String {
        // A long host leaves room for what happened.
        let host = short(host)
        // What looks like one character may be a thousand scalars.
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

    /// Whether a text is one message.
    static func fits(_ text: String) -> Bool {
        // None of the alphabet's characters has more than two bytes for each time it counts.
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

    /// How many characters of the alphabet one message has.
    private static let septets = 160

    /// 3GPP TS 23.038 (GSM 03.38), section 6.2.1: the default alphabet.
    private static let basic = Set(
        """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡\
        ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà
        """.unicodeScalars)

    /// Section 6.2.1.1: what takes an escape and counts twice.
    private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)
}
