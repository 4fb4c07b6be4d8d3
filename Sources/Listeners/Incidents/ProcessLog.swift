// The end of a process's log, by whichever way it can be had. Runs in a worker.

internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import Text

/// The end of a process's log, by whichever way it can be had.
struct ProcessLog {
    /// The file.
    private let path: String

    /// Its last lines.
    private var lines: [String] = []

    /// Why there are none, in one clause, if that has to be said.
    private var refusal: String?

    /// How much is asked of supervisord, in bytes.
    private static let reach = 16_384

    /// Reads the end of a process's stderr log, or of its stdout log where stderr is redirected.
    ///
    /// Supervisord follows any link, and often as root: it is asked only for a file that nobody else
    /// can have put there.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - count: How many lines are wanted.
    ///   - client: Who is asked when the file cannot be read.
    init?(of info: ProcessInfo, lines count: Int, client: SupervisorClient) {
        // Where stderr is redirected it has no file of its own.
        let isRedirected = info.stderrLogfile.isEmpty
        let file = isRedirected ? info.stdoutLogfile : info.stderrLogfile
        // The Go host says AUTO of a log that it keeps itself. No other name is asked for unseen.
        let isHidden = file.isExactly("AUTO")
        path = isHidden ? (isRedirected ? "stdout" : "stderr") : file
        guard count > 0, !file.isEmpty else { return nil }
        switch isHidden ? .none(mayBeAsked: true) : LogTail.read(path, count: count) {
        case .lines(let found): lines = found
        case .none(mayBeAsked: true):
            lines = Self.asked(of: info, isRedirected, count, client) ?? []
        case .none(mayBeAsked: false): return nil
        case .refused(let reason): refusal = reason
        }
        if lines.isEmpty && refusal == nil { return nil }
    }

    /// Adds the lines to what is known, or why there are none.
    func fill(_ diagnostics: inout Diagnostics) {
        diagnostics.logFile = path
        diagnostics.logTail = lines
        diagnostics.logRefusal = refusal
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
