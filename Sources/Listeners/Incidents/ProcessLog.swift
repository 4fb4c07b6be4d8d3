// The end of a process's log, by whichever way it can be had. Runs in a worker.

internal import ListenerProtocol
internal import SupervisorRPC

/// The end of a process's log, by whichever way it can be had.
struct ProcessLog {
    /// The file.
    let path: String

    /// Its last lines.
    let lines: [String]

    /// How much is asked of supervisord, in bytes.
    private static let reach = 16_384

    /// Reads the end of a process's stderr log, or of its stdout log where stderr is redirected.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - count: How many lines are wanted.
    ///   - client: Who is asked when the file cannot be read.
    init?(of info: ProcessInfo, lines count: Int, client: SupervisorClient) {
        // Where stderr is redirected it has no file of its own.
        let isRedirected = info.stderrLogfile.isEmpty
        let file = isRedirected ? info.stdoutLogfile : info.stderrLogfile
        // The Go host says AUTO of a log that it keeps itself.
        let isFile = file.hasPrefix("/")
        path = isFile ? file : isRedirected ? "stdout" : "stderr"
        guard count > 0, !file.isEmpty,
            let lines = (isFile ? LogTail.lines(of: path, count: count) : nil)
                ?? Self.asked(of: info, isRedirected, count, client),
            !lines.isEmpty
        else { return nil }
        self.lines = lines
    }

    private static func asked(
        of info: ProcessInfo, _ isRedirected: Bool, _ count: Int, _ client: SupervisorClient
    ) -> [String]? {
        let name = info.namespec.full
        let text =
            isRedirected
            ? try? client.tailOfStdout(name, bytes: reach)
            : try? client.tailOfStderr(name, bytes: reach)
        return text.map { LogTail.last(count, of: $0, isCut: $0.utf8.count >= reach) }
    }
}
