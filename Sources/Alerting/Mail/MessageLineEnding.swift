/// The line ends of a mail, which depend on the receiver.
public enum MessageLineEnding: Sendable, Hashable {
    /// A line feed, for a local `sendmail` command.
    case lineFeed
    /// Carriage return and line feed, for SMTP (RFC 5321, section 2.3.8).
    case carriageReturnLineFeed
}
