internal import ListenerProtocol

/// Why no event can come any more.
enum SessionEnd {
    /// The input has ended: supervisord is gone, or has closed it.
    case input
    /// What came is no event.
    case outOfStep(ProtocolError)
    /// Answers do not arrive: standard output is closed, or cannot be written to.
    case output
}
