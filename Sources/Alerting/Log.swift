internal import EventLoop
public import System
internal import Text

/// The log of a listener: standard error, which supervisord writes to `stderr_logfile`.
public struct Log: Sendable {
    /// The format of lines.
    public enum Format: String, Sendable, CaseIterable {
        /// The text alone.
        case plain
        /// Each line with its time, `2026-11-20 22:01:43,673`.
        case text
        /// One JSON object for each text, with `time`, `tool`, `listener` and `message`.
        case json
    }

    /// The tool's name, the prefix of all lines except superlance's own.
    public let tool: String

    private let listener: String
    private let format: Format
    private let isQuiet: Bool
    private let descriptor: Descriptor

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
    ///   - text: One or more lines, without the last line end.
    ///   - isRoutine: Whether it reports no problem, so that a quiet log omits it.
    public func write(_ text: String, isRoutine: Bool = false) {
        guard !(isQuiet && isRoutine) else { return }
        // A single write, so that lines of workers are not mixed in. If the log is not read, the
        // line is dropped rather than blocking events.
        descriptor.writeAll(
            "\(formatted(text.withVisibleControls))\n".utf8, waitingAtMost: Self.timeout)
    }

    /// Writes a line of our own, with the tool's name as prefix.
    ///
    /// - Parameters:
    ///   - text: The line, without its line end.
    ///   - isRoutine: Whether it reports no problem, so that a quiet log omits it.
    public func report(_ text: String, isRoutine: Bool = false) {
        write(format == .json ? text : "\(tool): \(text)", isRoutine: isRoutine)
    }

    private func formatted(_ text: String) -> String {
        let time = Timestamp.now
        switch format {
        case .plain: return text
        case .text:
            // The same format as in supervisord's own log.
            return text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { "\(time.asctime) \($0)" }.joined(separator: "\n")
        case .json:
            return JSONValue.object([
                ("time", .string(time.rfc3339)), ("tool", .string(tool)),
                ("listener", .string(listener)), ("message", .string(text)),
            ]).text
        }
    }
}
