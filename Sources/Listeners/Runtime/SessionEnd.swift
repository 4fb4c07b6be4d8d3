internal import ListenerProtocol

/// Why the session ended.
enum SessionEnd {
    /// The input ended: supervisord has exited or closed it.
    case input
    /// The input is not a valid event.
    case protocolError(ProtocolError)
    /// Results cannot be written: standard output is closed or not writable.
    case output
}
