// The signals that are waited for instead of being handled.

internal import Glibc

/// The signals that are waited for instead of being handled: all but those that mean a fault of
/// this very program.
struct SignalSet {
    private var blocked = sigset_t()
    private var former = sigset_t()

    /// By which the kernel and the C library report a fault to the thread that has it.
    private static let faults = [SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS]

    init() {
        unsafe sigfillset(&blocked)
        for number in Self.faults { unsafe sigdelset(&blocked, number) }
        unsafe sigemptyset(&former)
        unsafe sigprocmask(SIG_BLOCK, nil, &former)
        // Where it is ignored the kernel reaps, and nobody learns a status.
        _ = signal(SIGCHLD, SIG_DFL)
    }

    /// Blocks them in this process.
    func block() {
        var blocked = blocked
        unsafe sigprocmask(SIG_SETMASK, &blocked, nil)
    }

    /// Sets the mask that this process was started with.
    func restore() {
        var former = former
        unsafe sigprocmask(SIG_SETMASK, &former, nil)
    }

    /// Waits for the next signal.
    ///
    /// - Returns: Its number.
    func wait() -> Int32 {
        var blocked = blocked
        var number: Int32 = 0
        while unsafe sigwait(&blocked, &number) != 0 {}
        return number
    }
}
