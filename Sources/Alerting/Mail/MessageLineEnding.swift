// How the lines of a mail end, which depends on who takes it.

/// How the lines of a mail end, which depends on who takes it.
public enum MessageLineEnding: Sendable, Hashable {
    /// A line feed, as a local `sendmail` command reads.
    case lineFeed
    /// Carriage return and line feed, as SMTP demands (RFC 5321, section 2.3.8).
    case carriageReturnLineFeed
}
