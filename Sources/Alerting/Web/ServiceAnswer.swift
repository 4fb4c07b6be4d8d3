internal import Text

/// The result in the response body of a service that always returns status 200.
enum ServiceAnswer: Equatable {
    /// The service accepted the message.
    case taken
    /// The rate limit is exceeded; with the requested pause, if any.
    case limited(pause: Duration?)
    /// The service rejected the message, until an operator fixes the cause.
    case declined

    /// Parses a response of DingTalk (`errcode`), WeCom (`errcode`), Feishu (`code`), Telegram
    /// (`parameters.retry_after`) or Discord (`retry_after`).
    init(_ body: [UInt8]) {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self).filter { !$0.isWhitespace }
        let codes = [Self.number("errcode", in: text), Self.number("code", in: text)]
        if let pause = Self.pause(in: text) {
            self = .limited(pause: pause)
        } else if codes.contains(where: { $0.map(Self.limits.contains) == true }) {
            self = .limited(pause: Self.defaultPause)
        } else if (codes[0] ?? 0) != 0 || (codes[1] ?? 0) >= 1_000 {
            // Other services use HTTP's codes or their own.
            self = .declined
        } else {
            self = .taken
        }
    }

    /// The pause that a response explicitly requests.
    static func pause(in body: [UInt8]) -> Duration? {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self).filter { !$0.isWhitespace }
        return pause(in: text)
    }

    private static func pause(in text: String) -> Duration? {
        // Discord's pauses have decimals; rounding up is safe.
        number("retry_after", in: text).map { .seconds(min(max(0, $0), 86_400) + 1) }
    }

    /// DingTalk's 130101, WeCom's 45009 and 45033, and Feishu's 9499, 11232, 11233 and 99991400.
    private static let limits: Set<Int> = [
        130_101, 45_009, 45_033, 9_499, 11_232, 11_233, 99_991_400,
    ]

    /// Their limits apply to a minute.
    private static let defaultPause = Duration.seconds(60)

    /// The integer part of the first number with a name, which may be in quotes; the largest one for
    /// a larger number.
    private static func number(_ name: String, in text: String) -> Int? {
        guard let key = text.firstRange(ofText: "\"\(name)\":") else { return nil }
        let value = text[key.upperBound...]
        let digits = (value.first == "\"" ? value.dropFirst() : value)
            .prefix { $0 == "-" || ("0"..."9").contains($0) }
        guard digits.contains(where: { $0 != "-" }) else { return nil }
        return Int(digits) ?? .max
    }
}
