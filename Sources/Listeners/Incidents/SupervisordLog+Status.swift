// The status of a process, as shells have it.

internal import Glibc

extension SupervisordLog.Death {
    /// The status: its own, or 128 and the number of the signal (POSIX, Shell Command Language,
    /// 2.8.2); nothing if it is not known.
    var status: Int32? {
        if let exitStatus { return Int32(clamping: exitStatus) }
        guard let words = signal?.split(separator: " "), words.count >= 3 else { return nil }
        if words[2] == "signal", words.count > 3 { return Int32(words[3]).map { 128 + $0 } }
        return Self.signals[String(words[2])].map { 128 + $0 }
    }

    /// Signals by the names that Python has for them.
    private static let signals: [String: Int32] = [
        "SIGHUP": SIGHUP, "SIGINT": SIGINT, "SIGQUIT": SIGQUIT, "SIGILL": SIGILL,
        "SIGTRAP": SIGTRAP, "SIGABRT": SIGABRT, "SIGIOT": SIGABRT, "SIGBUS": SIGBUS,
        "SIGFPE": SIGFPE, "SIGKILL": SIGKILL, "SIGUSR1": SIGUSR1, "SIGSEGV": SIGSEGV,
        "SIGUSR2": SIGUSR2, "SIGPIPE": SIGPIPE, "SIGALRM": SIGALRM, "SIGTERM": SIGTERM,
        "SIGSTKFLT": 16, "SIGXCPU": SIGXCPU, "SIGXFSZ": SIGXFSZ, "SIGVTALRM": SIGVTALRM,
        "SIGPROF": SIGPROF, "SIGIO": SIGIO, "SIGPOLL": SIGIO, "SIGPWR": SIGPWR, "SIGSYS": SIGSYS,
    ]
}
