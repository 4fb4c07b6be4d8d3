// Escapes control characters.

extension String {
    /// The text with control characters, except line feeds and tabs, written as `\u{..}`.
    ///
    /// This includes those above 0x7F: U+009B starts a terminal escape sequence just as ESC and `[`
    /// do, and U+202A...U+202E and U+2066...U+2069 reorder the text that follows.
    package var withVisibleControls: String {
        // Fast path: in UTF-8, those beyond ASCII begin with 0xC2 or 0xE2.
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
