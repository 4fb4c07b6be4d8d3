// What a listener says on standard error, which is its log file under supervisord.

internal import EventLoop
public import System
internal import Text

/// What a listener says on standard error, which is its log file under supervisord.
public struct Log: Sendable {
    /// The tool's name, which stands before what is not superlance's own text.
    public let tool: String

    private let descriptor: Descriptor

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - descriptor: Where lines go.
    public init(tool: String, descriptor: Descriptor = .standardError) {
        self.tool = tool
        self.descriptor = descriptor
    }

    /// Writes a text as it is: those of superlance, which people search for.
    ///
    /// Control characters are made visible, line ends and tabs apart, so that nothing in a name can
    /// play with a terminal.
    ///
    /// - Parameter text: One or more lines, without the last end.
    public func say(_ text: String) {
        // One write, so that lines of workers do not get into it.
        descriptor.writeAll("\(text.withVisibleControls)\n".utf8)
    }

    /// Writes a line of our own, with the tool's name before it.
    ///
    /// - Parameter text: The line, without its end.
    public func note(_ text: String) {
        say("\(tool): \(text)")
    }
}
