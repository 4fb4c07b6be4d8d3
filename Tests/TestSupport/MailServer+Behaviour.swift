// Faults that a test mail server can simulate, and events it records.

extension MailServer {
    /// How connections are handled; by default everything is accepted.
    package struct Behaviour: Encodable {
        /// Replies that reject recipients, such as `450 4.2.1 later`.
        package var recipients: [String: String]?
        /// The reply that rejects every sender.
        package var sender: String?
        /// The reply that rejects every message, after its last line.
        package var end: String?
        /// Where it stops responding.
        package var stall: Stage?
        /// Where it closes the connection.
        package var close: Stage?
        /// The number of connections that this applies to; all by default.
        package var times: Int?

        package init(
            recipients: [String: String]? = nil, sender: String? = nil, end: String? = nil,
            stall: Stage? = nil, close: Stage? = nil, times: Int? = nil
        ) {
            self.recipients = recipients
            self.sender = sender
            self.end = end
            self.stall = stall
            self.close = close
            self.times = times
        }
    }

    /// A stage of the dialogue; `data` is after the whole message has been received.
    package enum Stage: String, Encodable {
        case greeting
        case hello = "EHLO"
        case mail = "MAIL"
        case recipient = "RCPT"
        case data = "DATA"
    }

    /// A message and its envelope.
    package struct Message {
        package let sender: String
        package let recipients: [String]
        /// The user who was logged in.
        package let user: String?
        /// The client's name in EHLO.
        package let hello: String?
        package let isEncrypted: Bool
        package let mail: Mail
    }

    /// A recorded event: connect, recipient, login, stall or close.
    package struct Event: Decodable, Equatable {
        package let event: String
        package let detail: String?
    }
}
