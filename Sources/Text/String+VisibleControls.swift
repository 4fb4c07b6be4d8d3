// Control characters as text that can be seen.

extension String {
    /// The text with control characters, line ends and tabs apart, as `\u{..}`.
    ///
    /// Those above 0x7F are meant, too: U+009B begins a terminal's command just as ESC and `[` do,
    /// and U+202A...U+202E and U+2066...U+2069 turn the order of what is read around.
    package var withVisibleControls: String {
        // In UTF-8, the bytes of those beyond ASCII begin with 0xC2 and 0xE2.
        guard
            utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 })
        else { return self }
        var text: [UInt8] = []
        text.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "\n", "\t": text.append(UInt8(ascii: scalar))
            case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                text += scalar.escaped(asASCII: true).utf8
            default: text += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
