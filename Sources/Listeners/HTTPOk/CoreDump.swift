internal import EventLoop
internal import ListenerProtocol
internal import System

/// Creates a core file of a process with a program such as gcore.
///
/// Runs in a worker.
struct CoreDump {
    /// The program and its first arguments, separated by spaces, such as `/usr/bin/gcore -o`.
    let command: String

    /// The directory for core files.
    let directory: String

    /// The command by default.
    static let standardCommand = "/usr/bin/gcore -o"

    /// The timeout of the program.
    private static let deadline = Duration.seconds(60)

    /// Runs the program without a shell, because its arguments contain the name of a process.
    ///
    /// The program writes to `NAME.PID` and follows links. It is not run if other users can create
    /// links in the directory, because a core file contains secrets of the process.
    ///
    /// - Parameters:
    ///   - process: The process, after which the file is named.
    ///   - pid: Its identifier.
    /// - Returns: What the program wrote, and how it failed if it did.
    func make(of process: ProcessName, pid: Int) -> String {
        // A name must not lead out of the directory.
        let name = process.description.utf8
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }.joined(separator: "_")
        do throws(SystemError) {
            let folder = try Directory(directory)
            try folder.requireOwn(allowsSticky: true)
            try folder.requireOwnOrNone("\(name).\(pid)")
        } catch {
            return "\(error)"
        }
        let words = command.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        let arguments = words + ["\(directory)/\(name)", "\(pid)"]
        guard let report = run(arguments) else { return "cannot run \(command)" }
        // The end of the output is the relevant part.
        let said = (report.output + report.diagnostics).suffix(16_384)
        var text = String(decoding: said, as: UTF8.self)
        switch report.end {
        case .exited(0): break
        case .exited(let status): text += "(status \(status))"
        case .signalled(let number): text += "(terminated by signal \(number))"
        case .timedOut: text += "(killed after \(Self.deadline))"
        case .notStarted(let error), .unknown(let error): text += "\(error)"
        }
        return text
    }

    private func run(_ arguments: [String]) -> ChildReport? {
        guard let loop = try? PollLoop() else { return nil }
        var result: ChildReport?
        loop.start(.command(arguments), deadline: Self.deadline) { report in
            result = report
            loop.stop()
        }
        loop.run()
        return result
    }
}
