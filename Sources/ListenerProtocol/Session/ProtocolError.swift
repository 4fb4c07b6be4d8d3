// The error of a conversation that has lost its frame.

/// What came from supervisord is not what the protocol says, so that nothing after it can be
/// trusted.
///
/// The only cure is to end, so that supervisord starts the listener, and the conversation, afresh.
public struct ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit status for it, `EX_PROTOCOL` of `sysexits.h`.
    public static let exitStatus: Int32 = 76

    /// What is wrong, then the beginning of what came, with control characters made visible.
    public let description: String

    /// Records what came.
    ///
    /// - Parameters:
    ///   - problem: What is wrong with it.
    ///   - text: What came; the first 200 characters are kept.
    init(_ problem: String, came text: String) {
        let shown = text.unicodeScalars.prefix(200).map(\.visible).joined()
        description = "\(problem): '\(shown)'"
    }
}

extension Unicode.Scalar {
    /// The character, escaped if it is not seen or steers how others are seen.
    fileprivate var visible: String {
        switch properties.generalCategory {
        // U+009B begins a terminal's command just as ESC and `[` do.
        case .control, .format, .lineSeparator, .paragraphSeparator: escaped(asASCII: true)
        default: escaped(asASCII: false)
        }
    }
}
