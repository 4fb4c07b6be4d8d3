internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import Text

/// One of the two streams that supervisord logs of a process.
enum LogStream: CaseIterable {
    case standardError, standardOutput

    /// Its name, for a log without a path.
    var name: String { self == .standardError ? "stderr" : "stdout" }

    /// The path of a process's log; empty if there is none, such as for a redirected stderr.
    func log(of info: SupervisedProcess) -> String {
        self == .standardError ? info.stderrLogfile : info.stdoutLogfile
    }

    /// The paths of a process's logs; the Go implementation returns AUTO for logs that it manages
    /// itself.
    static func paths(of info: SupervisedProcess) -> [String] {
        allCases.map { $0.log(of: info) }.filter { $0.beginsExactly(with: "/") }
    }

    /// Adds what is unusual about the command that shows the log of a process: that it is the one for
    /// stderr, or that there is none.
    static func note(_ info: SupervisedProcess, in diagnostics: inout Diagnostics) {
        diagnostics.logAbsence = absence(of: info)
        let shown = shown(of: info)
        guard !shown.contains(.standardOutput), let first = shown.first else { return }
        diagnostics.logCommand = first.command(for: info.processName)
    }

    /// Why supervisord cannot show a log of a process, as a clause; nil if it can.
    static func absence(of info: SupervisedProcess) -> String? {
        // The Go implementation does not name all logs.
        guard !info.isFromGoSupervisord, shown(of: info).isEmpty else { return nil }
        let device = allCases.map { $0.log(of: info) }.last { !$0.isEmpty }
        return device.map { "supervisord writes its output to \($0)" }
            ?? "supervisord writes its output to no file"
    }

    /// The streams whose logs supervisord can show; a device such as /dev/stdout is its own output.
    static func shown(of info: SupervisedProcess) -> [LogStream] {
        allCases.filter { stream in
            let path = stream.log(of: info)
            return !path.isEmpty && !path.beginsExactly(with: "/dev/")
        }
    }

    /// The command that shows the end of a process's log.
    func command(for process: ProcessName) -> String {
        let name = process.description
        let safe = name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"'\"\\$`&|;<>()*?[]{}!#~".utf8.contains(byte)
        }
        let quoted = name.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''")
        let stream = self == .standardError ? " stderr" : ""
        return "supervisorctl tail \(safe ? name : "'\(quoted)'")\(stream)"
    }

    /// Requests a part of the log from supervisord.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - bytes: The maximum size of the part.
    ///   - end: The offset at which it ends; the end of the log by default.
    ///   - client: The connection to supervisord.
    /// - Returns: The part; nil if the request fails.
    func asked(
        of info: SupervisedProcess, bytes: Int, before end: Int?, _ client: SupervisorClient
    ) -> String? {
        let name = info.processName.qualifiedName
        switch self {
        case .standardError: return try? client.readProcessStderrLog(name, last: bytes, upTo: end)
        case .standardOutput: return try? client.readProcessStdoutLog(name, last: bytes, upTo: end)
        }
    }
}
