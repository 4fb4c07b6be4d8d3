// The exit status of a process in the form that shells use.

internal import Glibc
internal import Text

extension SupervisordLog.Death {
    /// The exit status, or 128 plus the number of the signal (POSIX, Shell Command Language,
    /// 2.8.2); nil if unknown.
    var status: Int32? {
        if let exitStatus { return Int32(clamping: exitStatus) }
        guard let signal else { return nil }
        let words = signal.utf8.split(separator: UInt8(ascii: " ")).map(Substring.init)
        guard words.count >= 3 else { return nil }
        if words[2].isExactly("signal"), words.count > 3 {
            // There are 64; a log may contain any number.
            return Int32(words[3]).flatMap { (1...64).contains($0) ? 128 + $0 : nil }
        }
        return Self.signals[String(words[2])].map { 128 + $0 }
    }

    /// Signal numbers by Python's names.
    private static let signals: [String: Int32] = [
        "SIGHUP": SIGHUP, "SIGINT": SIGINT, "SIGQUIT": SIGQUIT, "SIGILL": SIGILL,
        "SIGTRAP": SIGTRAP, "SIGABRT": SIGABRT, "SIGIOT": SIGABRT, "SIGBUS": SIGBUS,
        "SIGFPE": SIGFPE, "SIGKILL": SIGKILL, "SIGUSR1": SIGUSR1, "SIGSEGV": SIGSEGV,
        "SIGUSR2": SIGUSR2, "SIGPIPE": SIGPIPE, "SIGALRM": SIGALRM, "SIGTERM": SIGTERM,
        "SIGSTKFLT": 16, "SIGXCPU": SIGXCPU, "SIGXFSZ": SIGXFSZ, "SIGVTALRM": SIGVTALRM,
        "SIGPROF": SIGPROF, "SIGIO": SIGIO, "SIGPOLL": SIGIO, "SIGPWR": SIGPWR, "SIGSYS": SIGSYS,
    ]
}

extension GoHostLog.End {
    /// The exit status, or 128 plus the number of the signal; nil if unknown.
    var status: Int32? {
        if let exitStatus { return Int32(clamping: exitStatus) }
        guard let signal else { return nil }
        // "aborted (core dumped)" is the signal "aborted".
        let name = signal.firstRange(ofText: " (").map { signal[..<$0.lowerBound] } ?? signal[...]
        return Self.signals[String(name)].map { 128 + $0 }
    }

    /// Signal numbers by Go's words (package syscall, `Signal.String` on Linux).
    private static let signals: [String: Int32] = [
        "hangup": SIGHUP, "interrupt": SIGINT, "quit": SIGQUIT, "illegal instruction": SIGILL,
        "trace/breakpoint trap": SIGTRAP, "aborted": SIGABRT, "bus error": SIGBUS,
        "floating point exception": SIGFPE, "killed": SIGKILL, "user defined signal 1": SIGUSR1,
        "segmentation fault": SIGSEGV, "user defined signal 2": SIGUSR2, "broken pipe": SIGPIPE,
        "alarm clock": SIGALRM, "terminated": SIGTERM,
    ]
}
