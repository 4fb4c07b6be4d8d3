import TestSupport
import Testing

/// The test servers, used by other clients: msmtp, sh and Python.
@Suite struct TestSupportTests {
    private let message = Array("To: a@example.org, b@example.org\nSubject: 网站\n\n.dot\nend\n".utf8)

    @Test(arguments: [MailServer.Security.none, .startTLS, .implicitTLS])
    func `The SMTP server keeps a message and its envelope`(
        _ security: MailServer.Security
    ) throws {
        let server = try MailServer(security)
        #expect(try send(by: Msmtp(to: server)).status == .exited(0))
        let kept = try server.waitForMessages(1)[0]
        #expect(kept.sender == "msmtp@example.org")
        #expect(kept.recipients == ["a@example.org", "b@example.org"])
        #expect(kept.isEncrypted == (security != .none))
        #expect(kept.mail["Subject"] == "网站")
        #expect(kept.mail.told == ".dot\nend\n")
    }

    @Test func `The SMTP server requires the right password`() throws {
        let server = try MailServer(.startTLS, user: "lance", password: "right")
        let refused = try send(by: Msmtp(to: server, user: "lance", password: "wrong"))
        #expect(refused.status == .exited(77))
        #expect(
            try send(by: Msmtp(to: server, user: "lance", password: "right")).status == .exited(0))
        #expect(try server.events().filter { $0.event == "login" }.count == 2)
        #expect(try server.messages().map(\.user) == ["lance"])
    }

    @Test func `The SMTP server rejects and closes connections as configured`() throws {
        let server = try MailServer()
        let msmtp = try Msmtp(to: server)
        try server.behave(.init(recipients: ["b@example.org": "550 5.1.1 unknown"], times: 1))
        #expect(try send(by: msmtp).error.contains("550 5.1.1 unknown"))
        try server.behave(.init(end: "451 4.3.0 full", times: 1))
        #expect(try send(by: msmtp).error.contains("451 4.3.0 full"))
        try server.behave(.init(close: .mail, times: 1))
        #expect(try send(by: msmtp).status != .exited(0))
        #expect(try server.messages().isEmpty)
        #expect(try send(by: msmtp).status == .exited(0))
        #expect(try server.messages().count == 1)
    }

    @Test func `The SMTP server stalls, stops and starts`()
        throws
    {
        let server = try MailServer()
        let msmtp = try Msmtp(to: server)
        try server.behave(.init(stall: .greeting))
        let waiting = try ChildProcess(["/bin/sh", "-c", msmtp.command])
        try waiting.write(message)
        waiting.closeInput()
        try server.waitForEvents("stall")
        #expect(!waiting.hasExited)
        try server.stop()
        #expect(try waiting.waitForExit() != .exited(0))
        #expect(try send(by: msmtp).status != .exited(0))
        try server.behave(.init())
        try server.start()
        #expect(try send(by: msmtp).status == .exited(0))
    }

    @Test func `The mailbox fails as often as configured, and numbers its mails`() throws {
        let mailbox = try Mailbox(.failsFirst(1, words: "not yet"))
        let first = try send(by: mailbox.command)
        #expect(first.status == .exited(75))
        #expect(first.error == "not yet\n")
        #expect(try send(by: mailbox.command).status == .exited(0))
        #expect(mailbox.attempts == 2)
        #expect(try mailbox.waitForMails(1)[0]["Subject"] == "网站")
        try mailbox.behave(.printsReady)
        #expect(try send(by: mailbox.command).output == "READY\n")
        try mailbox.behave(.missing)
        #expect(try send(by: mailbox.command).status == .exited(127))
        #expect(mailbox.count == 2)
    }

    @Test func `The simulated supervisord responds as Python's client expects`() throws {
        let server = try XMLRPCServer(
            .tcp, (0..<1000).map { .init("p\($0)", group: "g", pid: $0 == 7 ? 0 : 5_000_000) })
        try server.behave(
            .init(
                methods: [
                    "startProcess": .fault(50, "SPAWN_ERROR: g:p7", times: 1),
                    "stopProcess g:p8": .drop(times: 2),
                ]))
        #expect(try python(Self.client, server.url) == "1000 50 True 70\n")
        #expect(try server.calls().count { $0 == "startProcess g:p7" } == 2)
        #expect(try server.processes().first { $0.name == "p7" }?.statename == "STOPPED")
        try server.behave(.init(user: "lance", password: "secret"))
        #expect(throws: TestFailure.self) { try python(Self.client, server.url) }
    }

    @Test func `The site uses TLS, rejects connections and sends slowly`() throws {
        let site = try HTTPSite(tls: true, listening: false)
        let authority = try #require(site.certificate).authority
        #expect(throws: TestFailure.self) { try python(Self.browser, site.url, authority) }
        try site.start()
        try site.behave(.init(status: 404, reason: "Gone Fishing", body: "drop", drip: 0.01))
        #expect(try python(Self.browser, site.url, authority) == "404 Gone Fishing drop\n")
        #expect(try site.requests().map(\.path) == ["/"])
        try site.stop()
        #expect(throws: TestFailure.self) { try python(Self.browser, site.url, authority) }
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `No child of supervisord outlives it`(_ version: Supervisord.Version) throws {
        let supervisord = try Supervisord(
            version,
            [
                .program(
                    "stubborn", "/bin/sh -c 'trap \"\" TERM; sleep 86400 & wait; wait'",
                    ["stopwaitsecs": "86400"])
            ])
        let pid = Int32(try supervisord.wait(for: "stubborn") { $0.statename == "RUNNING" }.pid)
        let everybody = [pid] + ProcessTree.descendants(of: pid)
        #expect(everybody.count == 2)
        #expect(throws: TestFailure.self) { try supervisord.stop(within: 1) }
        #expect(!everybody.contains(where: ProcessTree.isAlive))
    }

    @Test func `The list of tools is that of superlance`() {
        #expect(Tool.allCases.prefix(2) == [.httpok, .memmon])
    }

    // MARK: Clients

    private func send(by msmtp: Msmtp) throws -> Sent { try send(by: msmtp.command) }

    private func send(by command: String) throws -> Sent {
        let process = try ChildProcess(["/bin/sh", "-c", command])
        // A command that fails at once does not read the message.
        try process.offer(message)
        process.closeInput()
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        return Sent(
            status: try process.waitForExit(), output: output, error: process.standardError)
    }

    private struct Sent {
        let status: Ending
        let output: String
        let error: String
    }

    private func python(_ program: String, _ arguments: String...) throws -> String {
        let command = ["/usr/bin/python3", "-c", program] + arguments
        return String(decoding: try ChildProcess.run(command), as: UTF8.self)
    }

    private static let client = """
        import http.client, sys, xmlrpc.client
        supervisor = xmlrpc.client.ServerProxy(sys.argv[1]).supervisor
        def call(method, *parameters):
            try:
                return method(*parameters)
            except xmlrpc.client.Fault as fault:
                return fault.faultCode
        count = len(supervisor.getAllProcessInfo())
        first, second = (call(supervisor.startProcess, "g:p7") for _ in "12")
        try:
            supervisor.stopProcess("g:p8")
        except http.client.RemoteDisconnected:
            call(supervisor.stopProcess, "g:p7")
        print(count, first, second, call(supervisor.stopProcess, "g:p7"))
        """

    private static let browser = """
        import ssl, sys, urllib.error, urllib.request
        context = ssl.create_default_context(cafile=sys.argv[2])
        try:
            urllib.request.urlopen(sys.argv[1], context=context)
        except urllib.error.HTTPError as answer:
            print(answer.code, answer.reason, answer.read().decode())
        """

    @Test func `The literals of a source file are parsed as by a compiler`() throws {
        let source = #"""
            // "no text"
            let name = /* "nor this" */ "one \(two("three", (4))) five" + "\tsix" + seven
            print(label: #"a "raw" \n"#, """
                two lines, \
                but one
                  and another
                """)
            text += "behind"
            let pattern = /"[a-z]"/
            """#
        let folder = try TemporaryDirectory()
        try folder.write("Source.swift", source)
        let document = try Document("Source.swift", below: folder.path)
        let literals = StringLiteral.all(in: document)
        #expect(
            literals.map(\.fragments) == [
                ["one ", " five\tsix", ""], ["three"], [#"a "raw" \n"#],
                ["two lines, but one\n  and another"], ["", "behind"],
            ])
        #expect(literals.map(\.line) == [2, 2, 3, 3, 8])
        #expect(literals.map(\.label) == [nil, nil, "label", nil, nil])
    }
}
