// What a listener says on standard error, which is its log file under supervisord.

public import EventLoop

/// What a listener says on standard error, which is its log file under supervisord.
public struct Log: Sendable {
    /// The tool's name, which stands before what is not superlance's own text.
    public let tool: String

    private let descriptor: Descriptor

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - descriptor: Where lines go.
    public init(tool: String, descriptor: Descriptor = .standardError) {
        self.tool = tool
        self.descriptor = descriptor
    }

    /// Writes a text as it is: those of superlance, which people search for.
    ///
    /// Control characters are made visible, line ends and tabs apart, so that nothing in a name can
    /// play with a terminal.
    ///
    /// - Parameter text: One or more lines, without the last end.
    public func say(_ text: String) {
        // One write, so that lines of workers do not get into it.
        descriptor.writeAll("\(text.withVisibleControls)\n".utf8)
    }

    /// Writes a line of our own, with the tool's name before it.
    ///
    /// - Parameter text: The line, without its end.
    public func note(_ text: String) {
        say("\(tool): \(text)")
    }
}

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
