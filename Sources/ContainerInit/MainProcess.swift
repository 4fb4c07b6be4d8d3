// The process that init runs, and that it ends with.

internal import CLinux
internal import Glibc
internal import System

/// The process that init runs, and that it ends with.
///
/// It has a process group of its own, which is the foreground group where there is a terminal: what
/// is typed there reaches it once, and not a second time through init.
struct MainProcess {
    private let isFirst: Bool
    private var identifier: pid_t = 0
    private var isStopped = false
    private var hasTerminal = false

    init(isFirst: Bool) {
        self.isFirst = isFirst
    }

    // MARK: The start

    /// Starts it.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - signals: What is blocked here and must not be there.
    /// - Returns: Whether there is a process; if not, `errno` says why.
    mutating func start(_ command: CommandWords, restoring signals: SignalSet) -> Bool {
        // In the background these would stop whoever speaks to the terminal.
        let (input, output) = (signal(SIGTTIN, SIG_IGN), signal(SIGTTOU, SIG_IGN))
        hasTerminal = tcgetpgrp(0) == getpgrp()
        identifier = clinux_fork()
        guard identifier == 0 else {
            // Here, too: whoever comes first.
            if identifier > 0 { _ = setpgid(identifier, identifier) }
            return identifier > 0
        }
        _ = setpgid(0, 0)
        if hasTerminal { _ = tcsetpgrp(0, getpid()) }
        _ = (signal(SIGTTIN, input), signal(SIGTTOU, output))
        signals.restore()
        let code = command.replaceThisProgram()
        Init.complain("cannot run \(command.name): \(SystemError.words(for: code))")
        // As shells have it (POSIX, Shell Command Language, 2.8.2).
        _exit(code == ENOENT ? 127 : 126)
    }

    // MARK: Signals

    /// Passes a signal on.
    ///
    /// - Parameter number: The signal.
    func forward(_ number: Int32) {
        // Those two are about this process's own use of the terminal.
        guard number != SIGTTIN && number != SIGTTOU else { return }
        _ = kill(identifier, number)
        // One that is stopped would not learn that it is to end.
        let isEnding = [SIGTERM, SIGINT, SIGQUIT, SIGHUP].contains(number)
        if isStopped && isEnding { _ = kill(identifier, SIGCONT) }
    }

    // MARK: The end

    /// Reaps whatever has ended, orphans too.
    ///
    /// - Returns: The status of the main process if it has ended; 128 and the number if a signal
    ///   ended it.
    mutating func reapAll() -> Int32? {
        var ended: Int32?
        while true {
            var status: Int32 = 0
            let child = unsafe waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)
            guard child > 0 else { return ended }
            guard child == identifier else { continue }
            if clinux_stopped(status) != 0 {
                isStopped = true
                suspend(clinux_stop_signal(status))
            } else if clinux_continued(status) != 0 {
                isStopped = false
            } else {
                ended =
                    clinux_exited(status) != 0
                    ? clinux_exit_status(status) : 128 + clinux_term_signal(status)
            }
        }
    }

    /// Stops with it, so that the shell that started both gets its terminal back; goes on with it.
    ///
    /// As first process nobody waits for that, and nobody could continue it.
    private func suspend(_ number: Int32) {
        guard !isFirst, hasTerminal, number != SIGSTOP, getsid(getppid()) == getsid(0) else {
            return
        }
        _ = tcsetpgrp(0, getpgrp())
        _ = kill(getpid(), SIGSTOP)
        if tcgetpgrp(0) == getpgrp() { _ = tcsetpgrp(0, identifier) }
        _ = kill(-identifier, SIGCONT)
    }
}
