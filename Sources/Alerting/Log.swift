// The log of a listener, which supervisord keeps as its stderr_logfile.

internal import EventLoop
public import System
internal import Text

/// The log of a listener: standard error, which supervisord keeps as its `stderr_logfile`.
public struct Log: Sendable {
    /// How lines are written.
    public enum Format: String, Sendable, CaseIterable {
        /// The text alone.
        case plain
        /// Each line after its time, `2026-11-20 22:01:43,673`.
        case text
        /// One JSON object a line, with `time`, `tool`, `listener` and `message`.
        case json
    }

    /// The tool's name, which precedes what is not superlance's own text.
    public let tool: String

    private let listener: String
    private let format: Format
    private let isQuiet: Bool
    private let descriptor: Descriptor

    /// How long to wait for whoever reads the log.
    private static let patience = Duration.seconds(1)

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - listener: The listener's name; the tool's if there is none.
    ///   - format: How lines are written.
    ///   - isQuiet: Whether lines that report nothing wrong are left out.
    ///   - descriptor: Where lines go.
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

    /// Writes a text of superlance's as it is, since people search for it.
    ///
    /// Control characters are made visible, line ends and tabs apart, so that nothing in a name can
    /// control a terminal.
    ///
    /// - Parameters:
    ///   - text: One or more lines, without the last end.
    ///   - isRoutine: Whether it reports nothing wrong, so that a quiet log leaves it out.
    public func say(_ text: String, isRoutine: Bool = false) {
        guard !(isQuiet && isRoutine) else { return }
        // As few writes as can be, so that lines of workers do not get into it. A line that nobody
        // reads is lost rather than that an event waits for it.
        descriptor.writeAll(
            "\(formatted(text.withVisibleControls))\n".utf8, waitingAtMost: Self.patience)
    }

    /// Writes a line of our own, after the tool's name.
    ///
    /// - Parameter text: The line, without its end.
    public func note(_ text: String) {
        say(format == .json ? text : "\(tool): \(text)")
    }

    private func formatted(_ text: String) -> String {
        let time = Timestamp.now
        switch format {
        case .plain: return text
        case .text:
            // supervisord's own log begins its lines in the same way.
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
