internal import CLinux
internal import Glibc
internal import System

/// The first process of a container: runs supervisord, forwards signals to it, reaps orphans, and
/// exits with the status left by fatalexit or else with supervisord's.
///
/// Its only blocking call waits for signals, since every event it handles is a signal.
struct Init {
    private let command: MainCommand

    /// Whether this is the first process of a PID namespace, which the kernel treats specially: it
    /// adopts orphans, ignores signals without a handler, and when it ends all others are killed.
    private let isFirst = getpid() == 1

    private var file: OwnedStatusFile?
    private var main: MainProcess
    private var status: Int32 = 0

    init(_ command: MainCommand) {
        self.command = command
        main = MainProcess(isFirst: isFirst)
    }

    /// Runs the command until it ends.
    ///
    /// - Returns: The exit status.
    mutating func run() -> Int32 {
        if !isFirst && clinux_adopt_orphans() != 0 {
            Self.printWarning("cannot reap orphans: \(SystemError.words(for: errno))")
        }
        do throws(SystemError) {
            file = try OwnedStatusFile()
        } catch {
            Self.printWarning("\(error); the exit status will be that of \(command.name)")
        }
        if let path = file?.path {
            unsafe setenv(StatusFile.variable, path, 1)
        } else {
            // An inherited one is not this container's: fatalexit would write to it.
            unsafe unsetenv(StatusFile.variable)
        }

        let signals = SignalSet()
        signals.block()
        guard main.start(command, restoring: signals) else {
            Self.printError("cannot start a process: \(SystemError.words(for: errno))")
            return end(with: EX_OSERR)
        }
        clinux_release_code()
        while true {
            let number = signals.wait()
            guard number == SIGCHLD else {
                main.forward(number)
                continue
            }
            if let status = main.reapAll() { return end(with: status) }
            // A listener that cannot write the file has caused this signal.
            if let user = main.user { file?.handOver(to: user) }
        }
    }

    /// A status in the status file overrides the main process's own.
    private func end(with status: Int32) -> Int32 {
        file?.readAndRemove() ?? status
    }

    static func printError(_ text: String) { print("error", text) }

    private static func printWarning(_ text: String) { print("warning", text) }

    private static func print(_ level: String, _ text: String) {
        Descriptor.standardError.writeAll("superlance init: \(level): \(text)\n".utf8)
    }
}
