// What a child process runs.

/// What a child process runs.
public enum ChildProgram {
    /// A command line for `/bin/sh -c`.
    ///
    /// Only what the operator wrote may stand in it; nothing that comes from an event ever does.
    case shell(String)

    /// A program and its arguments, found along `PATH`, without a shell.
    case command([String])

    /// A forked copy of this program that does one piece of work and ends with the returned status.
    ///
    /// What it writes to descriptor 1 is its answer; descriptor 2 stays this program's own, so that
    /// what it logs appears at once. It may block, leak and crash as it likes: nobody waits for it
    /// but a deadline.
    case worker(() -> Int32)
}
