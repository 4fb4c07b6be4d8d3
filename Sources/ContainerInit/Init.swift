// superlance init: the first process of a container.

internal import CLinux
internal import Glibc
internal import System

/// The first process of a container: runs supervisord, passes signals on to it, reaps orphans, and
/// ends with the status of the program because of which it all ended.
///
/// It waits in one place, for signals: every other thing that happens to it is one.
struct Init {
    private let command: CommandWords

    /// The first process of a PID namespace, for which the kernel has rules of its own: orphans are
    /// its children, signals without a handler do not reach it, and all others end with it.
    private let isFirst = getpid() == 1

    private var file: OwnedStatusFile?
    private var main: MainProcess
    private var status: Int32 = 0

    init(_ command: CommandWords) {
        self.command = command
        main = MainProcess(isFirst: isFirst)
    }

    /// Runs the command to its end.
    ///
    /// - Returns: The status to end with.
    mutating func run() -> Int32 {
        if !isFirst && clinux_adopt_orphans() != 0 {
            Self.complain("cannot reap orphans: \(SystemError.words(for: errno))")
        }
        do throws(SystemError) {
            file = try OwnedStatusFile()
        } catch {
            Self.complain("\(error); the status will be that of \(command.name)")
        }
        if let path = file?.path { unsafe setenv(StatusFile.variable, path, 1) }

        let signals = SignalSet()
        signals.block()
        guard main.start(command, restoring: signals) else {
            Self.complain("cannot start a process: \(SystemError.words(for: errno))")
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
        }
    }

    /// What has been left in the file goes before the main process's own status.
    private func end(with status: Int32) -> Int32 {
        file?.readAndRemove() ?? status
    }

    static func complain(_ text: String) {
        Descriptor.standardError.writeAll("superlance init: \(text)\n".utf8)
    }
}
