// What a mail server may do to a client, and what it tells of one.

extension MailServer {
    /// How connections are treated; by default everything is accepted.
    package struct Behaviour: Encodable {
        /// The refusal by recipient, such as `450 4.2.1 later`.
        package var recipients: [String: String]?
        /// The refusal of every sender.
        package var sender: String?
        /// The refusal of every message, after its last line.
        package var end: String?
        /// Where it falls silent.
        package var stall: Stage?
        /// Where it hangs up.
        package var close: Stage?
        /// For how many connections this holds; all, when absent.
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

    /// A place in the conversation; `data` is when the whole message has come.
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
        /// Who had logged in.
        package let user: String?
        /// What the client called itself.
        package let hello: String?
        package let isEncrypted: Bool
        package let mail: Mail
    }

    /// Something that has happened: connect, recipient, login, stall or close.
    package struct Event: Decodable, Equatable {
        package let event: String
        package let detail: String?
    }
}
