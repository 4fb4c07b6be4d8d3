internal import Text

/// An invalid command line.
///
/// The description is one lower-case clause that names the option and what it requires.
public struct UsageError: Error, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Sendable, Hashable {
        /// No option has this name.
        case unknownOption
        /// Several options begin with this name.
        case ambiguousOption
        /// The option requires a value.
        case missingValue
        /// The option is a flag and does not take a value.
        case unexpectedValue
        /// The value is invalid.
        case invalidValue
        /// A rule of the tool is violated, such as a missing operand.
        case invalidUse
        /// The process is out of memory.
        case noMemory
    }

    /// The kind of error.
    public let code: Code

    /// What is wrong, as one lower-case clause without a full stop.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = Self.singleLine(description)
    }

    /// Creates an error for a violated rule of the tool.
    ///
    /// - Parameter clause: What is wrong, as one lower-case clause without a full stop.
    public init(_ clause: String) {
        self.init(.invalidUse, clause)
    }

    /// Creates an error for an invalid value.
    ///
    /// - Parameters:
    ///   - name: The option, such as `-t`, or the operand.
    ///   - expected: What it requires, such as `a number of seconds`.
    ///   - got: The value, of which 100 characters are shown; nil if it must not be shown.
    /// - Returns: The error.
    public static func invalidValue(
        _ name: String, expected: String, got: String? = nil
    ) -> UsageError {
        let end = got.map { ", not '\(shortened(withoutLogin($0)))'" } ?? ""
        return UsageError(.invalidValue, "\(name) requires \(expected)\(end)")
    }

    static func unknownOption(_ typed: String, nearest: String? = nil) -> UsageError {
        let hint = nearest.map { "; did you mean \($0)?" } ?? ""
        return UsageError(.unknownOption, "unknown option \(typed)\(hint)")
    }

    static func ambiguousOption(_ typed: String, candidates: [String]) -> UsageError {
        let list = candidates.dropLast().joined(separator: ", ")
        let end = candidates.last.map { list.isEmpty ? $0 : "\(list) or \($0)" } ?? ""
        return UsageError(.ambiguousOption, "option \(typed) is ambiguous, it could be \(end)")
    }

    static func missingValue(_ name: String, placeholder: String) -> UsageError {
        UsageError(.missingValue, "option \(name) requires a value (\(placeholder))")
    }

    static func optionAsValue(_ name: String, value: String) -> UsageError {
        UsageError(.missingValue, "option \(name) requires a value, but \(value) is an option")
    }

    static func typographicQuote(_ name: String, _ quote: Unicode.Scalar) -> UsageError {
        UsageError(
            .invalidValue, "option \(name) requires a value without '\(quote)'; write '\"' instead")
    }

    static func equalsSign(_ name: String) -> UsageError {
        UsageError(.invalidValue, "option \(name) requires a space instead of '='")
    }

    static func unexpectedValue(_ name: String) -> UsageError {
        UsageError(.unexpectedValue, "option \(name) does not accept a value")
    }

    /// Hides the login of a URL.
    ///
    /// - Parameter text: An argument, which need not be a valid URL.
    /// - Returns: The text with `<redacted>` instead of the login.
    static func withoutLogin(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let login = ParsedArguments.login(in: bytes) else { return text }
        let (before, after) = (bytes[..<login.lowerBound], bytes[login.upperBound...])
        return String(decoding: before + Array("<redacted>".utf8) + after, as: UTF8.self)
    }

    private static func shortened(_ text: String) -> String {
        text.unicodeScalars.count > 100 ? "\(text.prefix(scalars: 100))..." : text
    }

    /// Escapes line ends, because the text may be logged and must stay on one line.
    private static func singleLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            line.unicodeScalars.append(isControl ? "?" : scalar)
        }
        return line
    }
}
