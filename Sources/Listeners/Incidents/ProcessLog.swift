internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import Text

/// The end of a process's log, from the file or from supervisord.
///
/// Runs in a worker.
struct ProcessLog {
    /// The file.
    private let path: String

    /// Its last lines.
    private var lines: [String] = []

    /// Why there are none, as one clause, if that is to be reported.
    private var refusal: String?

    /// The maximum number of bytes to request from supervisord.
    private static let reach = 16_384

    /// Reads the end of a process's stderr log, or of its stdout log if stderr is redirected.
    ///
    /// supervisord follows any link, and often runs as root, so it is asked only for a file that no
    /// other user can have placed there.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - count: How many lines to include.
    ///   - client: The connection to supervisord, used if the file cannot be read.
    init?(of info: ProcessInfo, lines count: Int, client: SupervisorClient) {
        // With a redirected stderr, the process has no stderr log.
        let isRedirected = info.stderrLogfile.isEmpty
        let file = isRedirected ? info.stdoutLogfile : info.stderrLogfile
        // The Go implementation returns AUTO for a log that it manages itself. Any other name must
        // be checked first.
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

    /// Adds the lines, or why there are none.
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
