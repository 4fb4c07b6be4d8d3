internal import Text

/// What services mean that answer 200 whatever happens, and say in the body what did.
enum ServiceAnswer: Equatable {
    /// It has been taken.
    case taken
    /// Too many came in too short a time; the pause that is asked for, if one is.
    case limited(pause: Duration?)
    /// It has not been taken, and will not be until somebody changes something.
    case declined

    /// Reads an answer of DingTalk (`errcode`), WeCom (`errcode`), Feishu (`code`), Telegram
    /// (`parameters.retry_after`) or Discord (`retry_after`).
    init(_ body: [UInt8]) {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self).filter { !$0.isWhitespace }
        let codes = [Self.number("errcode", in: text), Self.number("code", in: text)]
        if let pause = Self.pause(in: text) {
            self = .limited(pause: pause)
        } else if codes.contains(where: { $0.map(Self.limits.contains) == true }) {
            self = .limited(pause: Self.usualPause)
        } else if (codes[0] ?? 0) != 0 || (codes[1] ?? 0) >= 1_000 {
            // Others have a code that is one of HTTP's, or of their own making.
            self = .declined
        } else {
            self = .taken
        }
    }

    /// The pause that an answer asks for in so many words.
    static func pause(in body: [UInt8]) -> Duration? {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self).filter { !$0.isWhitespace }
        return pause(in: text)
    }

    private static func pause(in text: String) -> Duration? {
        // Discord's have decimals; a second more does no harm.
        number("retry_after", in: text).map { .seconds(min(max(0, $0), 86_400) + 1) }
    }

    /// DingTalk's 130101, WeCom's 45009 and 45033, and Feishu's 9499, 11232, 11233 and 99991400.
    private static let limits: Set<Int> = [
        130_101, 45_009, 45_033, 9_499, 11_232, 11_233, 99_991_400,
    ]

    /// They count messages a minute.
    private static let usualPause = Duration.seconds(60)

    /// The whole part of the first number of a name.
    private static func number(_ name: String, in text: String) -> Int? {
        guard let key = text.firstRange(ofText: "\"\(name)\":") else { return nil }
        return Int(text[key.upperBound...].prefix { $0 == "-" || ("0"..."9").contains($0) })
    }
}
