import Foundation

/// An SMTP server on a free port of 127.0.0.1 or ::1 (aiosmtpd) that stores accepted messages.
package final class MailServer {
    /// How a connection is encrypted.
    package enum Security: String {
        case none
        case startTLS = "starttls"
        case implicitTLS = "implicit"
    }

    private let server: HelperServer
    private let host: String
    package let port: Int
    package let security: Security
    /// The certificate, with TLS only.
    package let certificate: TestCertificate?

    /// Starts a server; with a user it requires a login.
    package init(
        _ security: Security = .none, user: String? = nil, password: String? = nil,
        host: String = "127.0.0.1"
    ) throws {
        self.security = security
        self.host = host
        certificate = security == .none ? nil : try TestCertificate()
        let options = Options(
            tls: security.rawValue, certificate: certificate?.certificate, key: certificate?.key,
            user: user, password: password, host: host)
        let argument = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
        server = try HelperServer("smtp_server.py", [argument])
        port = try server.greeting(HelperServer.Port.self).port
    }

    /// The value for `--smtpHost`.
    package var address: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Sets the behaviour for further connections.
    package func behave(_ behaviour: Behaviour) throws {
        try server.tell(["behave": behaviour])
    }

    /// Closes all connections and rejects new ones; the port stays reserved.
    package func stop() throws {
        try server.tell(["listen": false])
    }

    /// Accepts connections again.
    package func start() throws {
        try server.tell(["listen": true])
    }

    /// The accepted messages, in order.
    package func messages() throws -> [Message] {
        let stored = try server.ask(["messages": true], for: [Stored].self)
        let mails = try Mail.parse(
            stored.map { [UInt8](Data(base64Encoded: $0.content) ?? Data()) })
        return zip(stored, mails).map { stored, mail in
            Message(
                sender: stored.sender, recipients: stored.recipients, user: stored.user,
                hello: stored.hello, isEncrypted: stored.encrypted, mail: mail)
        }
    }

    /// Waits for a number of messages and returns all of them.
    package func waitForMessages(_ count: Int, within duration: Duration = patience) throws
        -> [Message]
    {
        try eventually("\(count) messages; \(server.standardError)", within: duration) {
            try server.ask(["messages": true], for: [Stored].self).count >= count
        }
        return try messages()
    }

    /// Waits until the messages meet a condition and returns all of them; the condition is
    /// evaluated whenever their number increases.
    package func waitForMessages(
        within duration: Duration = patience, until isWanted: ([Message]) throws -> Bool
    ) throws -> [Message] {
        var messages: [Message] = []
        return try eventually(
            "the messages wanted, there are: \(messages.map { $0.mail["Subject"] ?? $0.mail.body })",
            within: duration
        ) {
            let count = try server.ask(["messages": true], for: [Stored].self).count
            guard count > messages.count else { return nil }
            messages = try self.messages()
            return try isWanted(messages) ? messages : nil
        }
    }

    /// The recorded events, in order.
    package func events() throws -> [Event] {
        try server.ask(["events": true], for: [Event].self)
    }

    /// Waits until an event has occurred a number of times.
    package func waitForEvents(
        _ name: String, _ count: Int = 1, within duration: Duration = patience
    ) throws {
        try eventually("\(count) times '\(name)'", within: duration) {
            try events().count { $0.event == name } >= count
        }
    }

    private struct Options: Encodable {
        let tls: String
        let certificate: String?
        let key: String?
        let user: String?
        let password: String?
        let host: String
    }

    private struct Stored: Decodable {
        let sender: String
        let recipients: [String]
        let content: String
        let encrypted: Bool
        let user: String?
        let hello: String?
    }
}
