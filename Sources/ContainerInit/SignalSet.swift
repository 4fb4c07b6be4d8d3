internal import Glibc

/// The signals to wait for instead of handling: all except those that report a fault of this
/// program.
struct SignalSet {
    private var blocked = sigset_t()
    private var former = sigset_t()

    /// The signals by which the kernel and the C library report a fault of the current thread.
    private static let faults = [SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS]

    init() {
        unsafe sigfillset(&blocked)
        for number in Self.faults { unsafe sigdelset(&blocked, number) }
        unsafe sigemptyset(&former)
        unsafe sigprocmask(SIG_BLOCK, nil, &former)
        // If SIGCHLD is ignored, the kernel reaps the children and their statuses are lost.
        _ = signal(SIGCHLD, SIG_DFL)
    }

    /// Blocks the signals in this process.
    func block() {
        var blocked = blocked
        unsafe sigprocmask(SIG_SETMASK, &blocked, nil)
    }

    /// Restores the signal mask that this process was started with.
    func restore() {
        var former = former
        unsafe sigprocmask(SIG_SETMASK, &former, nil)
    }

    /// Waits for the next signal.
    ///
    /// - Returns: The signal number.
    func wait() -> Int32 {
        var blocked = blocked
        var number: Int32 = 0
        while unsafe sigwait(&blocked, &number) != 0 {}
        return number
    }
}
