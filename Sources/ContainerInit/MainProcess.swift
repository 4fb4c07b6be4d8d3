internal import CLinux
internal import Glibc
internal import System

/// The process that init runs; init ends when it ends.
///
/// It has its own process group, which is the terminal's foreground group if there is a terminal:
/// keys such as Ctrl-C reach it once, and not a second time through init.
struct MainProcess {
    private let isFirst: Bool
    private var identifier: pid_t = 0
    private var isStopped = false
    private var hasTerminal = false

    init(isFirst: Bool) {
        self.isFirst = isFirst
    }

    // MARK: The start

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - signals: The signals that are blocked here and must not be blocked in the process.
    /// - Returns: Whether the process was started; if not, `errno` has the reason.
    mutating func start(_ command: MainCommand, restoring signals: SignalSet) -> Bool {
        // From a background process group, changing the terminal's foreground group would stop the
        // caller.
        let (input, output) = (signal(SIGTTIN, SIG_IGN), signal(SIGTTOU, SIG_IGN))
        hasTerminal = tcgetpgrp(0) == getpgrp()
        identifier = clinux_fork()
        guard identifier == 0 else {
            // Parent and child both set the group, since either may run first.
            if identifier > 0 { _ = setpgid(identifier, identifier) }
            return identifier > 0
        }
        _ = setpgid(0, 0)
        if hasTerminal { _ = tcsetpgrp(0, getpid()) }
        _ = (signal(SIGTTIN, input), signal(SIGTTOU, output))
        signals.restore()
        let code = command.replaceThisProgram()
        Init.printError("cannot run \(command.name): \(SystemError.words(for: code))")
        // The statuses that shells use (POSIX, Shell Command Language, 2.8.2).
        _exit(code == ENOENT ? 127 : 126)
    }

    // MARK: Signals

    /// Forwards a signal.
    ///
    /// - Parameter number: The signal.
    func forward(_ number: Int32) {
        // These concern this process's own use of the terminal.
        guard number != SIGTTIN && number != SIGTTOU else { return }
        _ = kill(identifier, number)
        // A stopped process would not act on a request to terminate.
        let isEnding = [SIGTERM, SIGINT, SIGQUIT, SIGHUP].contains(number)
        if isStopped && isEnding { _ = kill(identifier, SIGCONT) }
    }

    // MARK: The user

    /// The effective user of the process; nil if it is unknown (`proc_pid_status(5)`).
    ///
    /// The owner of its files in `/proc` is root once it has changed its user.
    var user: uid_t? {
        guard let bytes = try? Descriptor.contents(of: "/proc/\(identifier)/status") else {
            return nil
        }
        let line = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "Uid:".utf8) }
        let numbers = line?.split(separator: UInt8(ascii: "\t")).dropFirst()
        return numbers?.dropFirst().first.flatMap { uid_t(String(decoding: $0, as: UTF8.self)) }
    }

    // MARK: The end

    /// Reaps all children that have ended, including adopted orphans.
    ///
    /// - Returns: The exit status of the main process if it has ended; 128 plus the number of the
    ///   signal that killed it.
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

    /// Stops together with the main process, so that the shell regains its terminal, and continues
    /// with it.
    ///
    /// The first process of a container must not stop: no shell waits for it, and nothing could
    /// continue it.
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
