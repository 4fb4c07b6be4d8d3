// An error of the operating system, with what was being done.

public import Glibc

/// A failed system call.
///
/// Its description is one clause: what could not be done, then the C library's words for the error.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What could not be done, as in `cannot start a process`.
    public let action: String

    /// The C library's `errno`.
    public let code: Int32

    /// Records an error.
    ///
    /// - Parameters:
    ///   - action: What could not be done.
    ///   - code: The error's number; the C library's `errno` at the time of the call by default.
    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    /// The error in one lower-case clause.
    public var description: String {
        "\(action): \(Self.words(for: code))"
    }

    /// What the C library calls an error.
    ///
    /// The corresponding C function is `strerror`.
    ///
    /// - Parameter code: The error's number.
    /// - Returns: The text, such as `Permission denied`.
    public static func words(for code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
