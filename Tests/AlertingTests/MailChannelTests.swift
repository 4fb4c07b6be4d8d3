// What mail channels make of the ends of their children.

import Curl
import EventLoop
import Glibc
import System
import TestSupport
import Testing

@testable import Alerting

@Suite struct MailChannelTests {
    private static let envelope: Envelope? = {
        guard let addresses = try? MailAddress.list("ops@example.org") else { return nil }
        return addresses.first.map { Envelope(sender: $0, recipients: addresses) }
    }()

    private func attempt(_ channel: (Envelope) -> any Channel) throws -> Attempt {
        let alert = Alert(subject: "s", body: "b", time: .now)
        let channel = channel(try #require(Self.envelope))
        return channel.attempt(Parcel([alert], from: "tool"), to: channel.targets)
    }

    private func status(_ end: ChildReport.End, _ words: String = "") throws -> DeliveryStatus? {
        let attempt = try attempt {
            SendmailChannel(command: "true", envelope: $0, namesSender: false)
        }
        let report = ChildReport(end: end, diagnostics: Array(words.utf8))
        return attempt.statuses(report)(0).values.first
    }

    @Test func `a FIFO as the password file does not block`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("password")
        #expect(mkfifo(path, 0o600) == 0)
        let login = SMTPLogin(.file(user: "u", path: path))
        #expect(throws: SystemError.self) { try login.credentials() }
    }

    @Test(arguments: [
        ("", "no password in the file"), ("\nsecret", "no password in the file"),
        ("\u{0}s\u{0}\n", "the password file"),
    ])
    func `a file without a password names the fault`(content: String, fault: String) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("password", content)
        let error = #expect(throws: SystemError.self) {
            try SMTPLogin(.file(user: "u", path: path)).credentials()
        }
        #expect(error?.action.hasPrefix("\(fault) \(path)") == true)
    }

    @Test func `the timeout of a server or command allows for a slow reply to the message`() throws
    {
        let server = SMTPServer(host: "localhost")
        #expect(
            try attempt { SMTPChannel(server: server, login: nil, envelope: $0) }
                .deadline > .seconds(600))
        #expect(
            try attempt { SendmailChannel(command: "true", envelope: $0, namesSender: false) }
                .deadline == .seconds(600))
    }

    @Test(arguments: [
        (75, false), (1, false), (65, false), (69, false), (127, true), (126, true),
        (64, true), (67, true), (68, true), (77, true), (78, true),
    ])
    func `a command's status determines what to check`(number: Int32, isBlocked: Bool) throws {
        switch try status(.exited(number), "oops") {
        case .blocked(let reason): #expect(isBlocked && reason.contains("oops; check the "))
        case .later: #expect(!isBlocked)
        default: Issue.record("neither")
        }
        #expect(try status(.exited(0)) == .accepted)
    }

    @Test(arguments: [
        "postdrop: warning: uid=0: File too large",
        "sendmail: fatal: root(0): message file too big",
        "552 5.3.4 Message size exceeds fixed limit", "552 5.3.4 no",
        "552 5.2.3 Your message exceeded the size limits",
        "552 Message size exceeds fixed maximum message size (1000)",
        "msmtp: server message: 552-5.2.3 Your message exceeded Google's message size limits.",
        "523 Message length exceeds administrative limit.",
        "Message too big: read=9 max=5", "554 message refused (#5.3.4)", "said: 552 5.3.4",
    ])
    func `a command's output can report that the mail is too large`(words: String) throws {
        for number in [75, 65, 1] as [Int32] {
            guard case .tooLarge = try status(.exited(number), words) else {
                Issue.record("not too large: \(words)")
                return
            }
        }
    }

    @Test(arguments: [
        "msmtp: cannot connect to 127.5.3.4, port 25: Connection refused",
        "connect to 185.2.31.7[185.2.31.7]:25: timed out", "relay 5.3.4.1 is down",
        "no route to 5.2.3.9", "10.15.2.30 said 451 4.3.0", "msmtp version 1.5.3.4",
        "connection to 10.0.0.552 5.3.4.9", "queued as 35.2.3AF",
    ])
    func `an address that looks like a status code is not about the size`(words: String) throws {
        guard case .later = try status(.exited(75), words) else {
            Issue.record("too large: \(words)")
            return
        }
    }

    @Test func `a command that timed out may have delivered the mail`() throws {
        guard case .later(let reason, nil) = try status(.timedOut) else {
            Issue.record("not tried again")
            return
        }
        #expect(reason.hasSuffix("; it may have delivered the mail"))
    }
}
