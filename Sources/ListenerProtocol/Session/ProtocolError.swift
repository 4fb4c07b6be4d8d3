/// The input from supervisord violates the protocol, so that the following bytes cannot be
/// interpreted.
///
/// The listener must exit; supervisord then restarts it with a new session.
public struct ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit status for this error, `EX_PROTOCOL` of `sysexits.h`.
    public static let exitStatus: Int32 = 76

    /// The problem, then the beginning of the input with control characters escaped.
    public let description: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - problem: What is wrong with the input.
    ///   - text: The input; the first 200 characters are kept.
    init(_ problem: String, came text: String) {
        let shown = text.unicodeScalars.prefix(200).map(\.visible).joined()
        description = "\(problem): '\(shown)'"
    }
}

extension Unicode.Scalar {
    /// The character, escaped if it is invisible or affects how others are displayed.
    fileprivate var visible: String {
        switch properties.generalCategory {
        // U+009B starts a terminal escape sequence just as ESC and `[` do.
        case .control, .format, .lineSeparator, .paragraphSeparator: escaped(asASCII: true)
        default: escaped(asASCII: false)
        }
    }
}
