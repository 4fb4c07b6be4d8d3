import Foundation
import System
import TestSupport
import Testing

@testable import Curl
@testable import Text

/// A message as mail_server.py prints it.
private struct Delivery: Decodable {
    var from: String
    var to: [String]
    var tls: Bool
    var login: Bool
    var data: Data

    var text: String { String(decoding: data, as: UTF8.self) }
}

private let message = Array("Subject: x\r\n\r\nhello\r\n".utf8)

extension SMTPServer {
    fileprivate init(
        _ server: PythonServer, _ security: Security = .plain, ca: String? = nil,
        login: Credentials? = nil
    ) {
        self.init(
            host: "127.0.0.1", port: server.port, security: security,
            authorities: CertificateAuthorities(file: ca), credentials: login)
    }

    fileprivate func send(
        to recipients: String..., bytes: [UInt8] = message, timeout: Duration = .seconds(10),
        timeouts: SMTPTimeouts? = nil
    ) -> [SMTPStatus] {
        let all = SMTPTimeouts(
            connect: timeout, command: timeout, data: timeout, message: timeout, total: timeout)
        let receipts = send(
            from: "me@example.org", to: recipients, message: bytes, timeouts: timeouts ?? all)
        #expect(receipts.map(\.recipient) == recipients)
        return receipts.map(\.status)
    }
}

struct SMTPServerTests {
    @Test func `a message reaches all its recipients`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(to: "a@example.org", "b@example.org")
        #expect(
            statuses == [
                .accepted(reply: "250 2.0.0 queued as 4711"),
                .accepted(reply: "250 2.0.0 queued as 4711"),
            ])
        let delivery = try server.line(as: Delivery.self)
        #expect(delivery.from == "me@example.org")
        #expect(delivery.to == ["a@example.org", "b@example.org"])
        #expect(delivery.text == "Subject: x\r\n\r\nhello\r\n")
        #expect(!delivery.login)
    }

    @Test(arguments: [
        (".", ".\r\n"), ("..", "..\r\n"), (".\r\n", ".\r\n"), (".a\r\n.b", ".a\r\n.b\r\n"),
        ("a\r\n.\r\nb\r\n", "a\r\n.\r\nb\r\n"), ("a\r\n..\r\n\r\n.\r\n", "a\r\n..\r\n\r\n.\r\n"),
        ("no end", "no end\r\n"), ("a\r\n\r\n", "a\r\n\r\n"),
    ])
    func `dots at the start of a line are preserved`(
        body: String, expected: String
    ) throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(to: "a@example.org", bytes: Array(body.utf8))
        #expect(statuses == [.accepted(reply: "250 2.0.0 queued as 4711")])
        #expect(try server.line(as: Delivery.self).text == expected)
    }

    @Test func `a large message of dots is preserved`() throws {
        let server = try PythonServer("mail_server.py")
        var body: [UInt8] = []
        var random = SystemRandomNumberGenerator()
        while body.count < 400_000 {
            body += [UInt8](repeating: 46, count: Int.random(in: 0..<5, using: &random))
            body += [13, 10]
        }
        let statuses = SMTPServer(server).send(to: "a@example.org", bytes: body)
        #expect(statuses == [.accepted(reply: "250 2.0.0 queued as 4711")])
        #expect(try server.line(as: Delivery.self).data == Data(body))
    }

    @Test func `a rejected recipient does not affect the others`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(
            to: "refused@example.org", "a@example.org", "later@example.org", "b@example.org")
        let name = "127.0.0.1:\(server.port)"
        #expect(
            statuses == [
                .blocked(
                    reason: "\(name) replied 550 5.1.1 no such user here to RCPT TO; "
                        + "check the recipient's address"),
                .accepted(reply: "250 2.0.0 queued as 4711"),
                .later(
                    reason: "\(name) replied 451 4.7.1 greylisted, come back to RCPT TO"),
                .accepted(reply: "250 2.0.0 queued as 4711"),
            ])
        #expect(try server.line(as: Delivery.self).to == ["a@example.org", "b@example.org"])
    }

    @Test func `each recipient has its own reason when all are rejected`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(to: "refused@example.org", "later@example.org")
        let name = "127.0.0.1:\(server.port)"
        #expect(
            statuses == [
                .blocked(
                    reason: "\(name) replied 550 5.1.1 no such user here to RCPT TO; "
                        + "check the recipient's address"),
                .later(
                    reason: "\(name) replied 451 4.7.1 greylisted, come back to RCPT TO"),
            ])
    }

    @Test func `an address with a line break is rejected and never sent`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(
            to: "a@example.org>\r\nRCPT TO:<evil@example.org", "", "b@example.org")
        let reason = "the address is empty or has a control character"
        #expect(
            statuses == [
                .blocked(reason: reason), .blocked(reason: reason),
                .accepted(reply: "250 2.0.0 queued as 4711"),
            ])
        #expect(try server.line(as: Delivery.self).to == ["b@example.org"])
    }

    @Test func `a non-ASCII address is sent to a server that accepts it`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server).send(to: "jürgen@example.org")
        #expect(statuses == [.accepted(reply: "250 2.0.0 queued as 4711")])
        #expect(try server.line(as: Delivery.self).to == ["jürgen@example.org"])
    }

    @Test func `nothing happens without recipients`() {
        #expect(SMTPServer(host: "127.0.0.1", port: 1).send() == [])
    }
}

struct SMTPEncryptionTests {
    @Test(arguments: [("--starttls", SMTPServer.Security.startTLS), ("--tls", .implicitTLS)])
    func `a message is encrypted for a server whose certificate is trusted`(
        option: String, security: SMTPServer.Security
    ) throws {
        let server = try PythonServer("mail_server.py", option)
        let statuses = SMTPServer(server, security, ca: server.facts.ca).send(to: "a@example.org")
        #expect(statuses == [.accepted(reply: "250 2.0.0 queued as 4711")])
        #expect(try server.line(as: Delivery.self).tls)
    }

    @Test(arguments: [("--starttls", SMTPServer.Security.startTLS), ("--tls", .implicitTLS)])
    func `an untrusted certificate is retried`(
        option: String, security: SMTPServer.Security
    ) throws {
        let server = try PythonServer("mail_server.py", option)
        let statuses = SMTPServer(server, security).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): SSL certificate problem: "
                        + "self-signed certificate; check the server's certificate and --cacert")
            ])
    }

    @Test func `a certificate for another name is retried`() throws {
        let server = try PythonServer(
            "mail_server.py", "--starttls", "--names", "DNS:mail.example.org")
        let statuses = SMTPServer(server, .startTLS, ca: server.facts.ca)
            .send(to: "a@example.org")
        guard case .blocked(let reason) = statuses.first else {
            Issue.record("\(statuses)")
            return
        }
        #expect(reason.contains("127.0.0.1:\(server.port): SSL: no alternative certificate"))
    }

    @Test func `a missing file of authorities is a temporary failure`() throws {
        let server = try PythonServer("mail_server.py", "--starttls")
        let statuses = SMTPServer(server, .startTLS, ca: "/nonexistent/ca.pem")
            .send(to: "a@example.org")
        guard case .blocked(let reason) = statuses.first else {
            Issue.record("\(statuses)")
            return
        }
        #expect(reason.contains("/nonexistent/ca.pem"))
    }

    @Test func `a server without STARTTLS gets no message if TLS is required`() throws {
        let server = try PythonServer("mail_server.py")
        let statuses = SMTPServer(server, .startTLS).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): STARTTLS not supported; "
                        + "check the port, or remove --tls")
            ])
    }

    @Test(arguments: [("454 4.7.0 not now", false), ("501 5.5.1 no", true)])
    func `a rejected STARTTLS is judged by its reply code`(
        reply: String, isRefused: Bool
    ) throws {
        let script = #"{"EHLO": "250-here\n250 STARTTLS", "STARTTLS": "\#(reply)"}"#
        let server = try PythonServer("scripted_mail_server.py", script)
        let statuses = SMTPServer(server, .startTLS).send(to: "a@example.org")
        let reason = "127.0.0.1:\(server.port) replied \(reply) to STARTTLS"
        #expect(
            statuses == [
                isRefused
                    ? .blocked(reason: "\(reason); check the port, or remove --tls")
                    : .later(reason: reason)
            ])
        #expect(try server.line(as: [String].self) == ["EHLO", "STARTTLS"])
    }
}

struct SMTPLoginTests {
    private let right = Credentials(user: "me@example.org", password: "s3cret!")
    private let wrong = Credentials(user: "me@example.org", password: "hunter2")

    @Test func `an accepted login precedes the message`() throws {
        let server = try PythonServer(
            "mail_server.py", "--starttls", "--login", "me@example.org:s3cret!")
        let statuses = SMTPServer(server, .startTLS, ca: server.facts.ca, login: right)
            .send(to: "a@example.org")
        #expect(statuses == [.accepted(reply: "250 2.0.0 queued as 4711")])
        #expect(try server.line(as: Delivery.self).login)
    }

    @Test func `a rejected login is retried, and logged without the password`()
        throws
    {
        let server = try PythonServer("mail_server.py", "--login", "me@example.org:s3cret!")
        let statuses = SMTPServer(server, login: wrong).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port) replied 535 5.7.8 no, not with <redacted> "
                        + "to AUTH; check --userName and the password")
            ])
    }

    @Test func `a server without AUTH gets no message if a login is required`() throws {
        let server = try PythonServer("scripted_mail_server.py", "{}")
        let statuses = SMTPServer(server, login: right).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): a login is configured, "
                        + "and the server offers no AUTH; check the port, --tls, "
                        + "and whether a user name is required")
            ])
        #expect(try server.line(as: [String].self) == ["EHLO"])
    }

    @Test func `a server without EHLO gets no message if a login is required`() throws {
        let server = try PythonServer("scripted_mail_server.py", #"{"EHLO": "502 what"}"#)
        let statuses = SMTPServer(server, login: right).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): a login is configured, "
                        + "and the server offers no AUTH; check the port, --tls, "
                        + "and whether a user name is required")
            ])
        #expect(try server.line(as: [String].self) == ["EHLO", "HELO"])
    }

    @Test func `a server with unknown login mechanisms only is retried`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"EHLO": "250-here\n250 AUTH SCRAM-SHA-256"}"#)
        let statuses = SMTPServer(server, login: right).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): a login is configured, "
                        + "and the server offers only AUTH SCRAM-SHA-256; check the port, --tls, "
                        + "and whether a user name is required")
            ])
    }

    @Test(arguments: ["Auth LOGIN PLAIN", "AUTH=LOGIN PLAIN", "AUTH login plain"])
    func `an offer of a login that libcurl does not recognize is quoted`(offer: String) throws {
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"EHLO": "250-here\n250 \#(offer)"}"#)
        let login = Credentials(user: "a@example.org", password: "P")
        let statuses = SMTPServer(server, login: login).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): a login is configured, and libcurl ignores "
                        + "the server's line \(offer): it requires AUTH and the mechanisms in "
                        + "capitals; change that line at the server, or use a sendmail command "
                        + "such as msmtp")
            ])
    }

    @Test func `an offer of STARTTLS that libcurl does not recognize is quoted`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"EHLO": "250-here\n250-starttls\n250 SIZE 0"}"#)
        #expect(
            SMTPServer(server, .startTLS).send(to: "a@example.org") == [
                .blocked(
                    reason: "127.0.0.1:\(server.port): libcurl ignores the server's line starttls: "
                        + "it requires STARTTLS in capitals; change that line at the server, or "
                        + "use a sendmail command such as msmtp")
            ])
    }

    @Test func `a temporarily rejected login is retried later`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"EHLO": "250-here\n250 AUTH PLAIN", "AUTH": "454 4.7.0 directory is down"}"#)
        let statuses = SMTPServer(server, login: right).send(to: "a@example.org")
        #expect(
            statuses == [
                .later(
                    reason: "127.0.0.1:\(server.port) replied 454 4.7.0 directory is down "
                        + "to AUTH")
            ])
    }

    @Test func `secrets that a server repeats are not quoted`() throws {
        let exchange = Base64.encode("\0me@example.org\0hunter2")
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"EHLO": "250-here\n250 AUTH PLAIN", "AUTH": "535 what is \#(exchange)"}"#)
        let statuses = SMTPServer(server, login: wrong).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason:
                        "127.0.0.1:\(server.port) replied 535 what is <redacted> to AUTH; "
                        + "check --userName and the password")
            ])
    }

    @Test(
        arguments: [
            ("CRAM-MD5 PLAIN LOGIN", ["CRAM-MD5", "PLAIN"]),
            ("CRAM-MD5 LOGIN", ["CRAM-MD5", "LOGIN"]),
        ], ["535 5.7.8 no secrets here", "454 4.7.0 Temporary authentication failure"])
    func `CRAM-MD5 that is offered and refused is followed by the others`(
        offer: (String, [String]), refusal: String
    ) throws {
        let (offer, tried) = offer
        let server = try PythonServer(
            "scripted_mail_server.py",
            """
            {"EHLO": "250-here\\n250 AUTH \(offer)", "AUTH": "334 ",
             "AUTH CRAM-MD5": "\(refusal)"}
            """)
        #expect(
            SMTPServer(server, login: right).send(to: "a@example.org")
                == [.accepted(reply: "250 taken")])
        // A line comes when its connection ends, which is nobody's order.
        let logins = try tried.map { _ in try server.line(as: [String].self)[1] }
        #expect(logins.sorted() == tried.map { "AUTH \($0)" }.sorted())
    }

    @Test func `a password that all mechanisms reject is reported once`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"EHLO": "250-here\n250 AUTH CRAM-MD5 PLAIN LOGIN", "AUTH": "535 5.7.8 no"}"#)
        #expect(
            SMTPServer(server, login: wrong).send(to: "a@example.org") == [
                .blocked(
                    reason: "127.0.0.1:\(server.port) replied 535 5.7.8 no to AUTH; "
                        + "check --userName and the password")
            ])
        let logins = try (1...3).map { _ in try server.line(as: [String].self)[1] }
        #expect(logins.sorted() == ["AUTH CRAM-MD5", "AUTH LOGIN", "AUTH PLAIN"])
    }
}

struct SMTPTroubleTests {
    @Test(arguments: [
        ("GREETING", "421 4.3.2 going down", "the connection"),
        ("EHLO", "421 4.3.2 going down", "EHLO"),
        ("MAIL", "452 4.3.1 no room", "MAIL FROM"),
        ("DATA", "451 4.3.0 try later", "DATA"),
        ("MESSAGE", "451 4.3.0 try later", "the message"),
    ])
    func `a temporary rejection is retried later`(
        command: String, reply: String, stage: String
    ) throws {
        var script = [command: reply]
        if command == "EHLO" { script["HELO"] = reply }
        let server = try PythonServer(
            "scripted_mail_server.py",
            String(decoding: try JSONEncoder().encode(script), as: UTF8.self))
        let reason = "127.0.0.1:\(server.port) replied \(reply) to \(stage)"
        let statuses = SMTPServer(server).send(to: "a@example.org", "b@example.org")
        #expect(statuses == [.later(reason: reason), .later(reason: reason)])
    }

    private static let refusals: [(command: String, reply: String, remedy: String?)] = [
        ("GREETING", "554 5.3.2 no mail here", "check --smtpHost"),
        ("MAIL", "550 5.7.1 not from you", "check --fromEmail"),
        ("MAIL", "530 5.7.0 log in first", "check whether a login is required"),
        ("MAIL", "530 5.7.0 Must issue a STARTTLS command first", "add --tls"),
        ("RCPT", "530 5.7.0 Must issue a STARTTLS command first", "add --tls"),
        (
            "RCPT", "554 5.7.1 <me@example.org>: Sender address rejected",
            "check --fromEmail, whether"
        ),
        ("RCPT", "550 5.1.0 <me@example.org>: Sender address rejected", "check --fromEmail"),
        ("RCPT", "550 5.1.8 no such domain", "check --fromEmail"),
        ("RCPT", "550 5.7.1 relaying is denied", "check the addresses, whether"),
        ("RCPT", "550 Invalid HELO name (see RFC 2821 4.1.1.1)", "check this host's name"),
        ("RCPT", "504 5.5.2 <vm>: Helo command rejected: need a name", "check this host's name"),
        ("RCPT", "550 5.1.1 no such user", "check the recipient's address"),
        ("RCPT", "552 mailbox is full", "check the recipient's address"),
        ("DATA", "554 5.5.1 no", "check whether this host may send mail there"),
        ("MESSAGE", "550 5.7.26 not authenticated", "check whether this host may send mail as"),
        ("MESSAGE", "550 5.1.0 who is that", "check the addresses"),
        ("MESSAGE", "552 5.2.2 mailbox is full", "check the addresses"),
        ("MESSAGE", "530 5.7.0 log in first", "check --userName and the password"),
        ("MESSAGE", "554 5.4.6 routing loop", "check the mail server"),
        ("MESSAGE", "554 5.6.0 spam, of course", nil),
        ("MESSAGE", "550 5.7.1 policy", nil), ("MESSAGE", "554 no", nil),
        ("MESSAGE", "552 5.7.0 dangerous attachment", nil),
        ("MESSAGE", "554 5.x.y odd", nil),
    ]

    private func statuses(_ command: String, _ reply: String) throws -> (SMTPStatus?, String) {
        let server = try PythonServer(
            "scripted_mail_server.py",
            String(decoding: try JSONEncoder().encode([command: reply]), as: UTF8.self))
        return (SMTPServer(server).send(to: "a@example.org").first, "127.0.0.1:\(server.port)")
    }

    @Test(arguments: refusals.indices)
    func `a refusal is final only where the message caused it`(index: Int) throws {
        let (command, reply, remedy) = Self.refusals[index]
        let (status, name) = try statuses(command, reply)
        switch status {
        case .blocked(let reason):
            #expect(reason.hasPrefix("\(name) replied \(reply) to "))
            #expect(reason.contains("; \(remedy ?? "nothing")"))
        case .refused(let reason):
            #expect(remedy == nil)
            #expect(reason == "\(name) replied \(reply) to the message")
        default: Issue.record("\(String(describing: status))")
        }
    }

    @Test(arguments: [("MESSAGE", "354 once more"), ("RCPT", "354 go on")])
    func `only a reply that completes the command is an acceptance`(
        command: String, reply: String
    ) throws {
        let (status, name) = try statuses(command, reply)
        let stage = command == "RCPT" ? "RCPT TO" : "the message"
        #expect(status == .later(reason: "\(name) replied \(reply) to \(stage)"))
    }

    @Test(arguments: [
        ("MESSAGE", "552 5.3.4 too large"), ("MESSAGE", "552 too large"),
        ("MAIL", "552 5.3.4 too large"), ("MESSAGE", "550 5.2.3 too large"),
        ("MESSAGE", "452 4.3.4 too large"), ("RCPT", "552 5.3.4 too large for her"),
    ])
    func `a message that is too large is distinguished from a rejected one`(
        command: String, reply: String
    ) throws {
        guard case .tooLarge(_, nil, let isCertain) = try statuses(command, reply).0 else {
            Issue.record("\(reply) is not about a size")
            return
        }
        #expect(isCertain == reply.contains("."))
    }

    @Test func `a server's own limit is reported`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"EHLO": "250-here\n250 SIZE 20", "MAIL": "552 5.3.4 too large"}"#)
        guard case .tooLarge(_, 20, true) = SMTPServer(server).send(to: "a@example.org").first
        else {
            Issue.record("no limit")
            return
        }
    }

    @Test(arguments: ["554 Error: too much data", "250 ok"])
    func `a message above the announced limit is not sent`(reply: String) throws {
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"EHLO": "250-here\n250 SIZE 20", "MESSAGE": "\#(reply)"}"#)
        guard
            case .tooLarge(let reason, 20, true) = SMTPServer(server).send(to: "a@example.org")
                .first
        else {
            Issue.record("the message was sent")
            return
        }
        #expect(reason.contains(" accepts at most 20 bytes, and the message has "))
    }

    @Test func `a message below the announced limit is sent`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"EHLO": "250-here\n250 SIZE 20000"}"#)
        guard case .accepted = SMTPServer(server).send(to: "a@example.org").first else {
            Issue.record("the message was not sent")
            return
        }
    }

    @Test func `a server's reply is shown without control characters`() throws {
        let (status, name) = try statuses(
            "MESSAGE", "554-5.7.1 spam\n554 5.7.1 \u{1b}[31mreally")
        #expect(
            status
                == .refused(
                    reason: "\(name) replied 554 5.7.1 spam ?[31mreally to the message"))
    }

    @Test(arguments: ["GREETING", "EHLO", "MAIL", "DATA", "MESSAGE"])
    func `a server that is slow is waited for, though connecting is quick`(
        command: String
    ) throws {
        let reply = ["GREETING": "220 here", "DATA": "354 go on"][command] ?? "250 ok"
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"\#(command)": "SLOW\#(reply)"}"#)
        let timeouts = SMTPTimeouts(
            connect: .milliseconds(300), command: .seconds(30), data: .seconds(30),
            message: .seconds(30), total: .seconds(30))
        let status = SMTPServer(server).send(to: "a@example.org", timeouts: timeouts).first
        guard case .accepted = status else {
            Issue.record("\(String(describing: status))")
            return
        }
    }

    @Test func `each stage has its own limit`() {
        let standard = SMTPTimeouts.standard
        #expect(standard.connect <= .seconds(30))
        #expect(standard.reply(to: .greeting) == .seconds(300))
        #expect(standard.reply(to: .recipient) == .seconds(300))
        #expect(standard.reply(to: .data) == .seconds(120))
        #expect(standard.reply(to: .message) == .seconds(600))
        #expect(standard.reply(to: .goodbye) == .seconds(2))
    }

    @Test func `a message that was sent and not answered may have arrived`() throws {
        let server = try PythonServer("scripted_mail_server.py", #"{"MESSAGE": "STALL"}"#)
        var timeouts = SMTPTimeouts.standard
        timeouts.message = .seconds(1)
        let status = SMTPServer(server).send(to: "a@example.org", timeouts: timeouts).first
        guard case .later(let reason) = status else {
            Issue.record("\(String(describing: status))")
            return
        }
        #expect(
            reason.hasSuffix("waiting for the reply to the message; it may have been delivered"))
    }

    @Test(arguments: [
        ("GREETING", "the connection"), ("EHLO", "EHLO"), ("MAIL", "MAIL FROM"),
        ("RCPT", "RCPT TO"), ("DATA", "DATA"), ("MESSAGE", "the message"),
    ])
    func `a server that stalls is retried later`(command: String, stage: String) throws {
        let server = try PythonServer("scripted_mail_server.py", #"{"\#(command)": "STALL"}"#)
        let start = ContinuousClock.now
        let statuses = SMTPServer(server).send(to: "a@example.org", timeout: .milliseconds(400))
        #expect(ContinuousClock.now - start < .seconds(4))
        guard case .later(let reason) = statuses.first else {
            Issue.record("\(statuses)")
            return
        }
        #expect(reason.hasPrefix("127.0.0.1:\(server.port): "))
        #expect(reason.contains(", waiting for the reply to \(stage)"))
    }

    @Test(arguments: ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"])
    func `a closed connection is retried later`(command: String) throws {
        let server = try PythonServer(
            "scripted_mail_server.py", #"{"\#(command)": "CLOSE", "HELO": "CLOSE"}"#)
        let statuses = SMTPServer(server).send(to: "a@example.org")
        guard case .later(let reason) = statuses.first else {
            Issue.record("\(statuses)")
            return
        }
        #expect(reason.hasPrefix("127.0.0.1:\(server.port): "))
    }

    @Test func `a server that fails between recipients has rejected only one`() throws {
        let server = try PythonServer(
            "scripted_mail_server.py",
            #"{"RCPT": ["550 no such user", "421 going down\r\nCLOSE"]}"#)
        let statuses = SMTPServer(server).send(to: "a@example.org", "b@example.org", "c@x.org")
        let name = "127.0.0.1:\(server.port)"
        #expect(statuses.count == 3)
        #expect(
            statuses.first
                == .blocked(
                    reason: "\(name) replied 550 no such user to RCPT TO; "
                        + "check the recipient's address"))
        #expect(
            statuses.dropFirst().first
                == .later(reason: "\(name) replied 421 going down to RCPT TO"))
        guard case .later = statuses.last else {
            Issue.record("\(statuses)")
            return
        }
    }

    @Test(arguments: ["STALL", "CLOSE", "500 what"])
    func `an accepted message remains accepted after any reply to QUIT`(farewell: String) throws {
        let server = try PythonServer("scripted_mail_server.py", #"{"QUIT": "\#(farewell)"}"#)
        let start = ContinuousClock.now
        let statuses = SMTPServer(server).send(to: "a@example.org")
        #expect(statuses == [.accepted(reply: "250 taken")])
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `an accepted message is followed by QUIT`() throws {
        let server = try PythonServer("scripted_mail_server.py", "{}")
        #expect(SMTPServer(server).send(to: "a@example.org") == [.accepted(reply: "250 taken")])
        #expect(
            try server.line(as: [String].self)
                == ["EHLO", "MAIL", "RCPT", "DATA", "MESSAGE", "QUIT"])
    }

    @Test func `a refused connection is retried later`() {
        let statuses = SMTPServer(host: "127.0.0.1", port: 1).send(to: "a@example.org")
        guard case .later(let reason) = statuses.first else {
            Issue.record("\(statuses)")
            return
        }
        #expect(reason.hasPrefix("127.0.0.1:1: failed to connect to 127.0.0.1 port 1"))
    }

    @Test func `a host without an address is retried later`() {
        let statuses = SMTPServer(host: "mail.invalid").send(to: "a@example.org")
        #expect(
            statuses == [
                .later(reason: "mail.invalid:25: could not resolve host: mail.invalid")
            ])
    }

    @Test(arguments: [("a/b", 25), ("me@host", 25), ("", 25), ("host", 0), ("host", 70_000)])
    func `a host that would change the URL is reported`(
        host: String, port: Int
    ) {
        let statuses = SMTPServer(host: host, port: port).send(to: "a@example.org")
        #expect(
            statuses == [
                .blocked(
                    reason: "\(host):\(port): this is not a host name and port; check --smtpHost")
            ])
    }
}
