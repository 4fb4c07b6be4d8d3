import Foundation
import TestSupport
import Testing

/// Delivery over SMTP.
@Suite struct SMTPTests {
    private static let password = "s3cr3t wørd"
    private static let recipient = "ops@example.org"

    private func start(
        _ tool: Tool, _ address: String, to recipients: String = recipient,
        _ more: [String] = [], environment: [String: String] = [:]
    ) throws -> RunningTool {
        try .ready(
            tool, tool.writing(to: recipients) + ["--smtpHost", address] + more,
            environment: environment)
    }

    /// Arguments for a connection with the server's security.
    private func trusting(_ server: MailServer) -> [String] {
        guard let certificate = server.certificate else { return [] }
        return ["--tls", "--cacert", certificate.authority]
    }

    /// Checks that no other process can read the password.
    private func expectSecrecy(
        of running: RunningTool, _ secret: String = password,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for pid in [running.process.pid] + ProcessTree.descendants(of: running.process.pid) {
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            let words = String(decoding: line, as: UTF8.self)
            #expect(!words.contains(secret), sourceLocation: sourceLocation)
        }
        let encoded = Data(secret.utf8).base64EncodedString()
        for form in [secret, encoded] {
            #expect(!running.standardError.contains(form), sourceLocation: sourceLocation)
        }
    }

    // MARK: Encryption

    @Test(arguments: Tool.mailers)
    func `A mail goes to a server as it is`(_ tool: Tool) throws {
        let server = try MailServer()
        let running = try start(tool, server.address, to: "Ops <ops@example.org>, root")
        try running.handle(tool.occasions("网站", group: "$(id)"))
        let message = try server.waitForMessages(1)[0]
        #expect(message.sender == "super@example.org")
        #expect(message.recipients == ["ops@example.org", "root"])
        #expect(!message.isEncrypted)
        #expect(message.user == nil)
        #expect(message.mail["To"] == "Ops <ops@example.org>, root")
        #expect(message.mail.told.contains("网站"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(try server.messages().count == 1)
    }

    /// A way to configure the trusted authorities.
    enum Trust: CaseIterable {
        case option, bundle, file, all

        func arguments(_ path: String) -> [String] {
            [.option, .all].contains(self) ? ["--cacert", path] : []
        }

        func environment(_ path: String) -> [String: String] {
            switch self {
            case .option: [:]
            case .bundle: ["CURL_CA_BUNDLE": path, "SSL_CERT_FILE": "/nonexistent"]
            case .file: ["SSL_CERT_FILE": path]
            case .all: ["CURL_CA_BUNDLE": "/nonexistent", "SSL_CERT_FILE": "/dev/null"]
            }
        }
    }

    @Test(arguments: [MailServer.Security.startTLS, .implicitTLS], Trust.allCases)
    func `A certificate is believed that was said to be good`(
        _ security: MailServer.Security, _ trust: Trust
    ) throws {
        let server = try MailServer(security)
        let authority = try #require(server.certificate).authority
        let tool = trust == .option ? Tool.crashmail : .crashsms
        let isImplicit = security == .implicitTLS
        let running = try start(
            tool, isImplicit ? "smtps://localhost:\(server.port)" : server.address,
            (isImplicit ? [] : ["--tls"]) + trust.arguments(authority),
            environment: trust.environment(authority))
        try running.handle(tool.occasions("web"))
        let message = try server.waitForMessages(1)[0]
        #expect(message.isEncrypted)
        // TLS does not require a login.
        #expect(message.user == nil)
        #expect(try server.events().count { $0.event == "login" } == 0)
    }

    @Test(arguments: [MailServer.Security.startTLS, .implicitTLS], Tool.mailers)
    func `A certificate that nobody vouches for gets no mail, and the text is kept`(
        _ security: MailServer.Security, _ tool: Tool
    ) throws {
        let server = try MailServer(security, user: "lance", password: Self.password)
        let address = security == .implicitTLS ? "smtps://\(server.address)" : server.address
        let running = try start(
            tool, address, ["--tls", "--userName", "lance", "--password", Self.password])
        try running.handle(tool.occasions("网站"))
        try running.waitForError("; check the server's certificate and --cacert")
        #expect(!running.standardError.contains("dropping"))
        #expect(try running.finishSilently() == .exited(0))
        let log = running.standardError
        #expect(log.contains("to ops@example.org: "))
        let lost = try #require(log.firstRange(of: "dropping"))
        #expect(log[lost.upperBound...].contains("网站"))
        expectSecrecy(of: running)
        #expect(log.components(separatedBy: "dropping").count == 2)
        #expect(try server.messages().isEmpty)
        #expect(try server.events().count { $0.event == "login" } == 0)
    }

    @Test(arguments: Tool.mailers)
    func `Without STARTTLS there is no mail where --tls was said`(_ tool: Tool) throws {
        let server = try MailServer()
        let running = try start(tool, server.address, ["--tls"])
        try running.handle(tool.occasions("web"))
        try running.waitForError("; check the port, or remove --tls")
        #expect(running.standardError.contains("STARTTLS"))
        #expect(!running.standardError.contains("dropping"))
        #expect(try running.finishSilently() == .exited(0))
        let lost = try #require(running.standardError.firstRange(of: "dropping"))
        #expect(running.standardError[lost.upperBound...].contains("web"))
        #expect(try server.messages().isEmpty)
        #expect(try server.events().count { $0.event == "recipient" } == 0)
    }

    // MARK: Login

    /// A source of the password.
    enum Place: CaseIterable {
        case word, joined, last, environment, file
    }

    @Test(arguments: Place.allCases, [Tool.crashmail, .crashmailbatch])
    func `The login is made with the password from wherever it stands`(
        _ place: Place, _ tool: Tool
    ) throws {
        let server = try MailServer(.startTLS, user: "lance", password: Self.password)
        let authority = try #require(server.certificate).authority
        let directory = try TemporaryDirectory()
        let file = try directory.write("password", "\(Self.password)\nnot this\n", mode: 0o600)
        let words: [String] =
            switch place {
            case .word: ["--password", Self.password]
            case .joined: ["--password=\(Self.password)"]
            case .last:
                tool == .crashmail
                    ? ["--password", "wrong", "--password=\(Self.password)"]
                    : ["-p\(Self.password)"]
            case .environment: []
            case .file: ["--password-file", file, "--password", "wrong"]
            }
        let running = try start(
            tool, server.address,
            ["--tls", "--cacert", authority, "--userName", "lance"] + words,
            environment: place == .environment
                ? ["SUPERLANCE_SMTP_PASSWORD": Self.password]
                : ["SUPERLANCE_SMTP_PASSWORD": "wrong"])
        expectSecrecy(of: running)
        try running.handle(tool.occasions("web"))
        let message = try server.waitForMessages(1)[0]
        #expect(message.user == "lance")
        #expect(message.isEncrypted)
        #expect(!String(decoding: message.mail.raw, as: UTF8.self).contains(Self.password))
        expectSecrecy(of: running)
        #expect(!running.standardError.contains("unencrypted"))
    }

    @Test(arguments: [MailServer.Security.none, .startTLS], [Tool.crashmail, Tool.fatalmailbatch])
    func `A wrong password costs no mail, says what to check and is not shown`(
        _ security: MailServer.Security, _ tool: Tool
    ) throws {
        let server = try MailServer(security, user: "lance", password: "right")
        let trust = trusting(server)
        let running = try start(
            tool, server.address,
            trust + ["--userName", "lance", "--password", Self.password])
        try running.handle(tool.occasions("web"))
        try running.waitForError("; check --userName and the password")
        #expect(running.standardError.contains("535"))
        #expect(running.standardError.contains("not delivered (1 waiting, retrying in "))
        #expect(!running.standardError.contains("dropping"))
        expectSecrecy(of: running)
        #expect(try running.finishSilently() == .exited(0))
        let lost = try #require(running.standardError.firstRange(of: "dropping an alert of"))
        #expect(running.standardError[lost.upperBound...].contains("web"))
        #expect(try server.messages().isEmpty)
    }

    @Test func `A login without a password is none, and is warned of`() throws {
        let server = try MailServer()
        let running = try start(.crashsms, server.address, ["-u", "lance"])
        try running.waitForError("no password for --userName, not logging in")
        try running.handle(Tool.crashsms.occasions("web"))
        #expect(try server.waitForMessages(1)[0].user == nil)
    }

    @Test func `A password file that is not there is missed at each attempt`() throws {
        let server = try MailServer(user: "lance", password: Self.password)
        let directory = try TemporaryDirectory()
        let running = try start(
            .crashmail, server.address,
            ["--userName", "lance", "--password-file", directory.path("password")])
        try running.waitForError(
            "--password-file: cannot read \(directory.path("password")): No such")
        try running.handle(.exited("web"))
        try running.waitForError("cannot read the password file \(directory.path("password"))")
        try directory.write("password", Self.password)
        #expect(try server.waitForMessages(1)[0].user == "lance")
    }

    @Test func `A file of authorities that is not there is missed at once, and waited for`() throws
    {
        let server = try MailServer(.startTLS)
        let authority = try #require(server.certificate?.authority)
        let directory = try TemporaryDirectory()
        let path = directory.path("authorities.pem")
        let running = try start(.crashmail, server.address, ["--tls", "--cacert", path])
        try running.waitForError("--cacert: cannot read \(path): No such file or directory")
        try running.handle(.exited("web"))
        try running.waitForError("not delivered (1 waiting")
        try FileManager.default.copyItem(atPath: authority, toPath: path)
        #expect(try server.waitForMessages(1)[0].isEncrypted)
    }

    @Test func `A password that would go out in the clear is warned of once`() throws {
        let login = ["--userName", "lance", "--password", Self.password]
        let far = try start(.crashmailbatch, "192.0.2.1", login)
        try far.handle([.tick(60), .tick(60)])
        #expect(try far.finishSilently() == .exited(0))
        let warning = "the password is sent to 192.0.2.1:25 unencrypted"
        #expect(far.standardError.components(separatedBy: warning).count == 2)
        expectSecrecy(of: far)
        let quiet = [
            ("127.0.0.1", login), ("localhost", login), ("[::1]:26", login),
            ("192.0.2.1", login + ["--tls"]), ("smtps://192.0.2.1", login), ("192.0.2.1", []),
        ]
        for (address, arguments) in quiet {
            let running = try start(.crashmailbatch, address, arguments)
            #expect(try running.finishSilently() == .exited(0))
            #expect(running.standardError.isEmpty)
        }
    }

    // MARK: Rejections

    @Test func `Of several recipients only the refused one goes without`() throws {
        let server = try MailServer()
        try server.behave(.init(recipients: ["gone@example.org": "550 5.1.1 no such user"]))
        let running = try start(
            .crashmail, server.address, to: "ops@example.org,gone@example.org,boss@example.org")
        try running.handle(.exited("web"))
        try running.waitForError("550 5.1.1 no such user")
        #expect(
            running.standardError.contains(
                "rejected for gone@example.org, delivered to the others"))
        #expect(!running.standardError.contains("dropping"))
        #expect(try running.finishSilently() == .exited(0))
        let messages = try server.messages()
        #expect(messages.map(\.recipients) == [["ops@example.org", "boss@example.org"]])
        #expect(try server.events().count { $0.event == "connect" } == 1)
    }

    @Test func `Of several recipients the one put off gets it later, and nobody twice`() throws {
        let server = try MailServer()
        try server.behave(
            .init(
                recipients: [
                    "busy@example.org": "450 4.2.1 later", "gone@example.org": "553 5.1.3 never",
                ], times: 1))
        let running = try start(
            .crashmail, server.address, to: "ops@example.org,busy@example.org,gone@example.org")
        try running.handle(.exited("web"))
        try running.waitForError("450 4.2.1 later")
        try running.waitForError("553 5.1.3 never")
        let messages = try server.waitForMessages(2)
        #expect(messages.map(\.recipients) == [["ops@example.org"], ["busy@example.org"]])
        // The same mail for all recipients.
        #expect(messages[0].mail["Message-ID"] == messages[1].mail["Message-ID"])
        #expect(messages[0].mail["To"] == messages[1].mail["To"])
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("dropping"))
    }

    @Test func `A recipient who is named twice gets it once`() throws {
        let server = try MailServer()
        let running = try start(
            .crashmailbatch, server.address, to: "ops@example.org, Ops <ops@example.org>,root")
        try running.handle(Tool.crashmailbatch.occasions("web"))
        #expect(try server.waitForMessages(1)[0].recipients == ["ops@example.org", "root"])
        #expect(try running.finishSilently() == .exited(0))
        #expect(try server.messages().count == 1)
    }

    /// What providers reply to the message if its sender is not verified.
    @Test(arguments: [
        "554 Message rejected: Email address is not verified.",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "550 The from address does not match a verified Sender Identity.",
        "554 5.6.0 spam, of course",
    ])
    func `A message is kept while a server rejects it, whatever the reply`(_ reply: String) throws {
        let server = try MailServer()
        try server.behave(.init(end: reply))
        let running = try start(.crashmail, server.address)
        try running.handle(.exited("网站"))
        try running.waitForError("\(reply) to the message; check --fromEmail")
        #expect(!running.standardError.contains("dropping"))
        // The next one is tried at once, and shows that the server accepts mail again.
        try server.behave(.init())
        try running.handle(.exited("next"))
        let mails = try server.waitForMessages(2).map(\.mail.told)
        #expect(mails[0].contains("next"))
        #expect(mails[1].contains("网站"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(try server.messages().count == 2)
    }

    private static let troubles: [(MailServer.Behaviour, String)] = [
        (.init(recipients: [recipient: "451 4.7.1 greylisted"], times: 1), "451 4.7.1 greylisted"),
        (.init(sender: "421 4.3.2 shutting down", times: 1), "421 4.3.2 shutting down"),
        (.init(end: "452 4.3.1 disk full", times: 1), "452 4.3.1 disk full"),
        // What an operator can mend
        (
            .init(recipients: [recipient: "550 5.7.1 not here"], times: 1),
            "550 5.7.1 not here to RCPT TO; check the addresses, whether a login is required"
        ),
        (
            .init(sender: "553 5.7.1 who are you", times: 1),
            "553 5.7.1 who are you to MAIL FROM; check --fromEmail"
        ),
        (.init(end: "550 5.7.26 no SPF", times: 1), "550 5.7.26 no SPF"),
        (.init(close: .greeting, times: 1), "127.0.0.1:"),
        (.init(close: .hello, times: 1), "127.0.0.1:"),
        (.init(close: .mail, times: 1), "127.0.0.1:"),
        (.init(close: .recipient, times: 1), "127.0.0.1:"),
        (.init(close: .data, times: 1), "127.0.0.1:"),
    ]

    @Test func `What fails for a while is told and tried again, and arrives once`() throws {
        // All at once, since each waits for its second attempt.
        let cases = try Self.troubles.map { behaviour, words in
            let server = try MailServer()
            try server.behave(behaviour)
            return (server, try start(.crashmail, server.address), words)
        }
        for (_, running, _) in cases { try running.handle(.exited("web")) }
        for (_, running, words) in cases {
            try running.waitForError(words)
            #expect(!running.standardError.contains("Mailed:"))
        }
        for (server, running, _) in cases {
            #expect(try server.waitForMessages(1)[0].recipients == [Self.recipient])
            try running.waitForError("Mailed:")
            #expect(try running.finishSilently() == .exited(0))
            #expect(try server.messages().count == 1)
            #expect(!running.standardError.contains("dropping"))
        }
    }

    @Test func `A server that is down and comes back gets one digest of all that happened`() throws
    {
        let server = try MailServer()
        let smsServer = try MailServer()
        let running = try start(.fatalmailbatch, server.address)
        let sms = try start(.crashsms, smsServer.address)
        for server in [server, smsServer] { try server.stop() }
        try running.handle(Tool.fatalmailbatch.occasions("p1"))
        try sms.handle(Tool.crashsms.occasions("p1"))
        for tool in [running, sms] { try tool.waitForError("Connection refused") }
        for number in 2...30 {
            try running.handle(Tool.fatalmailbatch.occasions("p\(number)", group: "网站"))
        }
        for number in 2...5 { try sms.handle(Tool.crashsms.occasions("p\(number)")) }
        for server in [server, smsServer] { try server.start() }

        let message = try server.waitForMessages(1)[0]
        #expect(message.mail["Subject"]?.hasPrefix("fatalmailbatch: 30 alerts since ") == true)
        let names = message.mail.body.matches(of: /Process .+?:(p\d+) failed/).map {
            String($0.1)
        }
        #expect(names == (1...30).map { "p\($0)" })
        try running.handle(Tool.fatalmailbatch.occasions("p31"))
        #expect(
            try server.waitForMessages(2)[1].mail["Subject"] == "Fatal start alert from supervisord"
        )
        #expect(try running.finishSilently() == .exited(0))
        #expect(try server.messages().count == 2)

        // A text message has no subject, and no room for an introduction.
        let text = try smsServer.waitForMessages(1)[0].mail
        #expect(text["Subject"] == nil)
        #expect(text.told.hasPrefix("[p1:p1](2766) exited unexpectedly "))
        #expect(text.told.hasSuffix(" more\n"))
        #expect(text.body.count <= 161)
    }

    @Test func `A digest that is refused is taken apart, so that its alerts arrive singly`() throws
    {
        let server = try MailServer()
        try server.behave(.init(sender: "451 4.3.0 wait", times: 1))
        let running = try start(.crashmail, server.address, ["--flood-limit", "0"])
        try running.handle(.exited("p1"))
        try running.waitForError("451 4.3.0 wait")
        for number in 2...6 { try running.handle(.exited("p\(number)")) }
        try server.behave(.init(end: "552 5.3.4 too big", times: 1))
        let names = try server.waitForMessages(6).compactMap {
            $0.mail["Subject"]?.split(separator: " ").first
        }
        #expect(names.sorted() == (1...6).map { "p\($0)" })
        #expect(running.standardError.contains("552 5.3.4 too big"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(try server.messages().count == 6)
        #expect(!running.standardError.contains("dropping"))
    }

    @Test func `An address beyond ASCII is for servers that take it, and costs nobody else's mail`()
        throws
    {
        let server = try MailServer()
        let running = try start(.crashmail, server.address, to: "用户@例子.公司, ops@example.org")
        try running.handle(.exited("web"))
        #expect(try server.waitForMessages(1)[0].recipients == ["ops@example.org"])
        try running.waitForError("rejected for 用户@例子.公司, delivered to the others")
    }

    @Test func `Three hundred recipients are one mail`() throws {
        let server = try MailServer()
        let recipients = (1...300).map { "user\($0)@example.org" }
        let running = try start(
            .crashmail, server.address, to: recipients.joined(separator: ","))
        try running.handle(.exited("web"))
        let message = try server.waitForMessages(1)[0]
        #expect(message.recipients == recipients)
        #expect(message.mail["To"] == recipients.joined(separator: ", "))
        #expect(message.mail.defects.isEmpty)
    }

    @Test func `A server that is stopped for good leaves everything on stderr at the end`() throws {
        let server = try MailServer()
        try server.behave(.init(stall: .hello))
        let running = try start(.crashmailbatch, server.address)
        try running.handle(Tool.crashmailbatch.occasions("stalled"))
        try server.waitForEvents("stall")
        try running.handle(.exited("waiting"))
        running.process.send(signal: 15)
        #expect(try running.process.waitForExit() == .exited(0))
        let log = running.standardError
        let lost = try #require(log.firstRange(of: "dropping"))
        for name in ["stalled", "waiting"] { #expect(log[lost.upperBound...].contains(name)) }
    }

    // MARK: Addresses

    @Test(arguments: ["host:port", "smtp://host:port", "localhost:port"])
    func `A server can be named in several ways`(_ form: String) throws {
        let server = try MailServer()
        let address = form.replacing("port", with: "\(server.port)")
            .replacing("localhost", with: "LOCALHOST").replacing("host", with: "127.0.0.1")
        let running = try start(.crashmail, address)
        try running.handle(.exited("web"))
        #expect(try server.waitForMessages(1).count == 1)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")),
        arguments: ["", "smtp://"])
    func `A server can be at an IPv6 address`(_ scheme: String) throws {
        let server = try MailServer(host: "::1")
        #expect(server.address.hasPrefix("[::1]:"))
        let running = try start(.crashmailbatch, scheme + server.address)
        try running.handle(Tool.crashmailbatch.occasions("web"))
        #expect(try server.waitForMessages(1).count == 1)
    }

    @Test func `A host that nobody knows is tried again, and proxies have no say`() throws {
        let server = try MailServer()
        let proxies = ["all_proxy", "ALL_PROXY", "http_proxy", "smtp_proxy"]
        let running = try start(
            .crashmail, server.address,
            environment: Dictionary(
                uniqueKeysWithValues: proxies.map { ($0, "http://127.0.0.1:1") }))
        try running.handle(.exited("web"))
        #expect(try server.waitForMessages(1).count == 1)
        let lost = try start(.crashmail, "no-such-host.invalid")
        try lost.handle(.exited("web"))
        try lost.waitForError("no-such-host.invalid:25")
        #expect(try lost.finishSilently() == .exited(0))
        #expect(lost.standardError.contains("Process web in group web exited"))
    }

    // MARK: httpok and memmon

    @Test(arguments: [MailServer.Security.none, .startTLS])
    func `httpok and memmon send by SMTP, too`(_ security: MailServer.Security) throws {
        let server = try MailServer(security, user: "lance", password: Self.password)
        let trust = trusting(server)
        let big = try ChildProcess(["/bin/sleep", "86400"])
        let site = try HTTPSite()
        try site.behave(.init(status: 500, reason: "网站 <b>"))
        let supervisord = try XMLRPCServer(.unix, [.init("web", pid: Int(big.pid))])
        let delivery =
            [
                "-m", Self.recipient, "--fromEmail", "S <super@example.org>", "--smtpHost",
                server.address, "--userName", "lance", "--password", Self.password,
            ] + trust
        let tools: [(Tool, [String])] = [
            (.memmon, ["-a", "1"] + delivery), (.httpok, ["-p", "web"] + delivery + [site.url]),
        ]
        for (count, (tool, arguments)) in tools.enumerated() {
            let running = try RunningTool(tool, arguments, serverURL: supervisord.url)
            try running.waitForReady()
            try running.handle(.tick(60))
            let messages = try server.waitForMessages(count + 1)
            #expect(messages[count].sender == "super@example.org")
            #expect(messages[count].user == "lance")
            #expect(messages[count].isEncrypted == (security != .none))
            #expect(messages[count].mail["Subject"]?.hasPrefix("\(tool): ") == true)
            expectSecrecy(of: running)
            #expect(try running.finishSilently() == .exited(0))
        }
    }
}
