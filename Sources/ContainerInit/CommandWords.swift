// The command that init runs: the rest of its own words, byte for byte.

internal import Glibc

/// The command that init runs: the rest of its own words, byte for byte, since not every path and
/// argument is UTF-8.
struct CommandWords {
    /// Which of this program's own words is the command's first.
    let first: Int

    /// The program, as messages name it.
    var name: String {
        CommandLine.arguments[first]
    }

    /// Runs the command in place of this program, found along `PATH`.
    ///
    /// The corresponding C function is `execvp`.
    ///
    /// - Returns: The number of the error; otherwise it does not return.
    func replaceThisProgram() -> Int32 {
        let words = unsafe CommandLine.unsafeArgv + first
        guard let name = unsafe words.pointee else { return EINVAL }
        _ = unsafe execvp(name, words)
        return errno
    }
}
