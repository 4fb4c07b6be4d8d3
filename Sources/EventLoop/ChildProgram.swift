/// The program that a child process runs.
public enum ChildProgram {
    /// A command line for `/bin/sh -c`.
    ///
    /// It must come from the operator and never contain data from an event.
    case shell(String)

    /// A program and its arguments, searched for in `PATH` and run without a shell.
    case command([String])

    /// The same, with descriptors 1 and 2 as one, so that its lines are in order: all of it is
    /// output.
    case joinedCommand([String])

    /// A forked copy of this program that does one piece of work and exits with the returned
    /// status.
    ///
    /// Its result is what it writes to descriptor 1. Descriptor 2 is shared with this program, so
    /// that its log lines appear at once. It may block, leak or crash: the parent only enforces its
    /// deadline.
    case worker(() -> Int32)
}
