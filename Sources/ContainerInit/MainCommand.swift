internal import Glibc
internal import System

/// The command to run: the rest of this program's arguments, byte for byte, because paths and
/// arguments need not be UTF-8.
struct MainCommand {
    /// The index of the command's first word.
    let first: Int

    /// The program's name for messages.
    var name: String {
        OwnArguments.all[first]
    }

    /// Replaces this program by the command, which is searched for in `PATH`.
    ///
    /// The corresponding C function is `execvp`.
    ///
    /// - Returns: The error number; on success it does not return.
    func replaceThisProgram() -> Int32 {
        guard let words = unsafe OwnArguments.pointers.words.map({ unsafe $0 + first }),
            let name = unsafe words.pointee
        else { return EINVAL }
        _ = unsafe execvp(name, words)
        return errno
    }
}
