/// How long a mail server may take for each of its replies (RFC 5321, section 4.5.3.2).
public struct SMTPTimeouts: Sendable, Hashable {
    /// For the name lookup, the connection and, with implicit TLS, the handshake.
    ///
    /// The corresponding C option is `CURLOPT_CONNECTTIMEOUT_MS`.
    public var connect: Duration

    /// For the greeting (section 4.5.3.2.1), and for the reply to each command but `DATA`
    /// (4.5.3.2.2 and 4.5.3.2.3).
    ///
    /// The corresponding C option is `CURLOPT_SERVER_RESPONSE_TIMEOUT`, as for the next two.
    public var command: Duration

    /// For the reply to `DATA` (section 4.5.3.2.4).
    public var data: Duration

    /// For the reply to the final dot (section 4.5.3.2.6), when the server does its own work.
    public var message: Duration

    /// For all of it.
    ///
    /// The corresponding C option is `CURLOPT_TIMEOUT_MS`.
    public var total: Duration

    /// The limits of RFC 5321; half an hour for all of it.
    public static let standard = SMTPTimeouts(
        connect: .seconds(30), command: .seconds(300), data: .seconds(120),
        message: .seconds(600), total: .seconds(1_800))

    /// Describes the limits.
    ///
    /// - Parameters:
    ///   - connect: For the connection.
    ///   - command: For the greeting and the reply to each command.
    ///   - data: For the reply to `DATA`.
    ///   - message: For the reply to the final dot.
    ///   - total: For all of it.
    public init(
        connect: Duration, command: Duration, data: Duration, message: Duration, total: Duration
    ) {
        self.connect = connect
        self.command = command
        self.data = data
        self.message = message
        self.total = total
    }

    /// The limit for the reply that a stage waits for.
    func reply(to stage: SMTPDialogue.Stage) -> Duration {
        switch stage {
        case .greeting, .hello, .startTLS, .login, .sender, .recipient: command
        case .data: data
        case .message: message
        // The result of the delivery is already known.
        case .goodbye: .seconds(2)
        }
    }
}
