public import Glibc

/// A failed system call.
///
/// Its description is one clause: what failed, then the C library's text for the error.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed, as in `cannot start a process`.
    public let action: String

    /// The value of `errno`; 0 if ``action`` is the whole reason.
    public let code: Int32

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - action: What failed.
    ///   - code: The error number; the current `errno` by default.
    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    /// The error as one lower-case clause.
    public var description: String {
        code == 0 ? action : "\(action): \(Self.words(for: code))"
    }

    /// Returns the C library's text for an error.
    ///
    /// The corresponding C function is `strerror`.
    ///
    /// - Parameter code: The error number.
    /// - Returns: The text, such as `Permission denied`.
    public static func words(for code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
