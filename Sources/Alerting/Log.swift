internal import EventLoop
internal import Glibc
public import System
internal import Text

/// The log of a listener: standard error, which supervisord writes to `stderr_logfile`.
public struct Log: Sendable {
    /// How serious a line is.
    public enum Level: Sendable {
        /// Everything is as usual, and a quiet log omits the line.
        case routine
        /// Everything is as usual.
        case info
        /// Something failed and is retried, is misconfigured, or needs a look.
        case warning
        /// An alert is lost, a file cannot be written, or the program exits with an error.
        case error

        /// The level's name in JSON.
        var name: String {
            switch self {
            case .routine, .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }

        /// What precedes a text of our own: only problems show their level.
        var prefix: String {
            switch self {
            case .routine, .info: ""
            case .warning, .error: "\(name): "
            }
        }
    }

    /// The format of lines.
    public enum Format: String, Sendable, CaseIterable {
        /// The text alone.
        case plain
        /// Each line with its time, `2026-11-20 22:01:43,673`.
        case text
        /// One JSON object for each text, with `time`, `level`, `tool`, `listener`, `pid` and
        /// `message`.
        case json
    }

    /// The tool's name, the prefix of all lines except superlance's own.
    public let tool: String

    private let listener: String
    private let format: Format
    private let isQuiet: Bool
    private let descriptor: Descriptor
    /// The listener's process; its workers log for it.
    private let identifier = getpid()

    /// How long to wait for the reader of the log.
    private static let timeout = Duration.seconds(1)

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - listener: The listener's name; the tool's if nil.
    ///   - format: The format of lines.
    ///   - isQuiet: Whether to omit lines that report no problem.
    ///   - descriptor: The descriptor to write to.
    public init(
        tool: String, listener: String? = nil, format: Format = .plain, isQuiet: Bool = false,
        descriptor: Descriptor = .standardError
    ) {
        self.tool = tool
        self.listener = listener ?? tool
        self.format = format
        self.isQuiet = isQuiet
        self.descriptor = descriptor
    }

    /// Writes a text without the tool's name: superlance's own lines, which users search for.
    ///
    /// Control characters except line feeds and tabs are escaped, so that a name cannot control a
    /// terminal.
    ///
    /// - Parameters:
    ///   - level: How serious it is, which only JSON shows.
    ///   - text: One or more lines, without the last line end.
    public func write(_ level: Level, _ text: String) {
        put(level, text, isOwn: false)
    }

    /// Writes a text of our own, with the tool's name as prefix, and the level of a problem.
    ///
    /// Further lines begin with a tab, so that a quoted text cannot be mistaken for a line of the
    /// log.
    ///
    /// - Parameters:
    ///   - level: How serious it is.
    ///   - text: One or more lines, without the last line end.
    public func report(_ level: Level, _ text: String) {
        put(level, text, isOwn: true)
    }

    private func put(_ level: Level, _ text: String, isOwn: Bool) {
        guard !(isQuiet && level == .routine) else { return }
        let text = text.withVisibleControls
        let time = Timestamp.now
        let output = format == .json ? object(level, text, time) : lines(level, text, time, isOwn)
        // A single write, so that lines of workers are not mixed in. If the log is not read, the
        // text is dropped rather than blocking events.
        descriptor.writeAll("\(output)\n".utf8, waitingAtMost: Self.timeout)
    }

    private func lines(_ level: Level, _ text: String, _ time: Timestamp, _ isOwn: Bool) -> String {
        // The same format as in supervisord's own log.
        let stamp = format == .text ? "\(time.asctime) " : ""
        let further = isOwn ? "\t" : stamp
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var output = stamp + (isOwn ? "\(tool): \(level.prefix)" : "") + (lines.first ?? "")
        for line in lines.dropFirst() {
            // An empty line does not end with a space.
            output += line.isEmpty ? "\n\(further.dropLast())" : "\n\(further)\(line)"
        }
        return output
    }

    private func object(_ level: Level, _ text: String, _ time: Timestamp) -> String {
        JSONValue.object([
            ("time", .string(time.rfc3339)), ("level", .string(level.name)),
            ("tool", .string(tool)), ("listener", .string(listener)),
            ("pid", .integer(Int(identifier))), ("message", .string(text)),
        ]).text
    }
}
