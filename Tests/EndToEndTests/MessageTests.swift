import Foundation
import TestSupport
import Testing

/// The contents of the mails, read by Python's email package.
@Suite struct MessageTests {
    /// A mail through sendmail from a tool that only alerts.
    private func mail(
        of tool: Tool, _ name: String, group: String? = nil, pid: Int = 2766,
        _ more: [String] = [], sender: String = "super@example.org",
        environment: [String: String] = [:], length: EventFrame.Length = .characters
    ) throws -> Mail {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            tool,
            tool.writing(to: "ops@example.org", from: sender)
                + ["--sendmail_program", mailbox.command] + more,
            environment: environment, length: length)
        try running.handle(tool.occasions(name, group: group, pid: pid))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 1)
        #expect(mail.defects.isEmpty)
        #expect(mail.contentType == "text/plain" && mail.charset == "utf-8")
        let lines = mail.raw.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 998 })
        #expect(mail.raw.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") })
        #expect(mail.raw.last == UInt8(ascii: "\n"))
        return mail
    }

    private static let headers = [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding", "Auto-Submitted",
    ]

    /// Ordinary and hostile names.
    private static let names = [
        "web", "网站", "$(touch${IFS}pwned)", "`id`", "a&b<c>d;e|f", "it's\"quoted\"\\n",
        "=?utf-8?q?x?=",
        "Ünïcödé🐟👩‍👩‍👧", "a:b:c", ".", "..", "From", "%s%n%(here)s", "\u{202E}gnitirw", "名\u{301}",
        String(repeating: "x", count: 2_000), String(repeating: "长", count: 2_000),
        String(repeating: ".", count: 2_000), String(repeating: "=", count: 500),
    ]

    // MARK: The texts

    @Test(arguments: names)
    func `crashmail reports any process name`(_ name: String) throws {
        let mail = try mail(of: .crashmail, name, group: "g")
        let subject = try #require(mail["Subject"])
        #expect(subject.hasPrefix("\(name) crashed at "))
        let end = subject.dropFirst("\(name) crashed at ".count)
        #expect(end.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/) != nil)
        // Text direction controls are escaped.
        let shown = name.replacing("\u{202E}", with: #"\u{202E}"#)
        #expect(
            mail.told
                == "Process \(shown) in group g exited unexpectedly (pid 2766) from state RUNNING\n"
        )
        #expect(mail.headers.map(\.name) == Self.headers)
    }

    @Test(arguments: names)
    func `A name is the same over SMTP and sendmail`(_ name: String) throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .crashsms,
            Tool.crashsms.writing(to: "5551234@sms.example.org") + ["-H", server.address])
        try running.handle(Tool.crashsms.occasions(name, group: name, pid: 7))
        let mail = try server.waitForMessages(1)[0].mail
        // What does not fit into a text message is truncated.
        let shown = name.replacing("\u{202E}", with: #"\u{202E}"#)
        let text = "[\(shown):\(shown)](7) exited unexpectedly "
        let isCut = text.count > 40
        #expect(mail.told.hasPrefix(isCut ? String(text.prefix(20)) : text))
        #expect(mail.body.count <= 161)
        #expect(mail.defects.isEmpty)
        // Every line ends with CR LF, and all dots are preserved.
        let bare = zip([0] + mail.raw, mail.raw).filter { $1 == 10 && $0 != 13 }
        #expect(bare.isEmpty)
        #expect(mail.raw.count { $0 == 13 } == mail.raw.count { $0 == 10 })
    }

    @Test func `crashmail's mail is superlance's`() throws {
        let mail = try mail(
            of: .crashmail, "web", group: "site", pid: 77, ["-o", "主机 <prod> & co"],
            environment: ["TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8"])
        let subject = try #require(mail["Subject"])
        let shape = /主机 <prod> & co: web crashed at (\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d),\d{3}/
        let time = try #require(subject.wholeMatch(of: shape)?.output)
        #expect(
            mail.told
                == "Process web in group site exited unexpectedly (pid 77) from state RUNNING\n")
        // The date is the event's, in local time.
        let date = try #require(mail["Date"])
        #expect(date.hasSuffix(" \(time.1) \(time.4) -0330") || date.hasSuffix("\(time.4) -0230"))
        #expect(
            date.wholeMatch(of: /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} .*/) != nil
        )
        #expect(mail["Auto-Submitted"] == "auto-generated")
        #expect(mail["MIME-Version"] == "1.0")
        #expect(mail["From"] == "super@example.org")
        #expect(mail["To"] == "ops@example.org")
    }

    @Test func `crashmailbatch's mail is superlance's`() throws {
        let mail = try mail(of: .crashmailbatch, "web", group: "site", pid: 77)
        #expect(mail["Subject"] == "Crash alert from supervisord")
        let line = /[-\d]{10} [:\d]{8},\d{3} -- Process site:web \(pid 77\) died unexpectedly\n/
        #expect(mail.told.wholeMatch(of: line) != nil)
        #expect(mail.headers.map(\.name) == Self.headers)
    }

    @Test func `fatalmailbatch's mail is superlance's`() throws {
        let mail = try mail(of: .fatalmailbatch, "web", group: "site")
        #expect(mail["Subject"] == "Fatal start alert from supervisord")
        let line = /[-\d]{10} [:\d]{8},\d{3} -- Process site:web failed to start too many times\n/
        #expect(mail.told.wholeMatch(of: line) != nil)
        #expect(mail.headers.map(\.name) == Self.headers)
    }

    @Test func `crashsms's mail is superlance's, without a subject`() throws {
        let mail = try mail(of: .crashsms, "web", group: "site", pid: 77)
        #expect(mail["Subject"] == nil)
        let line = /\[site:web\]\(77\) exited unexpectedly [-\d]{10} [:\d]{8},\d{3}\n/
        #expect(mail.told.wholeMatch(of: line) != nil)
        #expect(mail.headers.map(\.name) == Self.headers.filter { $0 != "Subject" })
    }

    @Test(arguments: Tool.collecting)
    func `A batch has the given subject, and logs what it sends`(
        _ tool: Tool
    ) throws {
        let mailbox = try Mailbox()
        let subject = "Störung: 100 % <alles> & \"mehr\""
        let running = try RunningTool.ready(
            tool,
            [
                "-t", "A <ops@example.org>,b@example.org", "-f", "张三 <super@example.org>", "-i",
                "0.1", "-e", "TICK_5", "-s", subject, "--sendmail", mailbox.command,
            ])
        try running.handle(tool.occasion("网站", group: "长的组名"))
        try running.handle([.tick(60), .tick(5)])
        #expect(mailbox.attempts == 0)
        try running.handle(.tick(5))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == subject)
        #expect(mail["To"] == "A <ops@example.org>, b@example.org")
        #expect(mail["From"] == "张三 <super@example.org>")
        let log = running.standardError
        let text = try #require(log.split(separator: "\n").first)
        #expect(text.contains("长的组名:网站"))
        #expect(mail.told == "\(text)\n")
        #expect(
            log.contains("\nSending notification email:\nTo: A <ops@example.org>, b@example.org"))
        #expect(log.contains("\nSubject: \(subject)\nBody:\n"))
        let shown = text.count > 76 ? "\(text.prefix(76))..." : "\(text)"
        #expect(log.contains("Body:\n\(shown)\n"))
        // Nothing is sent if nothing was collected.
        try running.handle(Array(repeating: .tick(5), count: 20))
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.attempts == 1)
    }

    @Test func `crashmail logs what superlance logs`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        try running.handle(.exited("web", pid: 5))
        try running.waitForError("Mailed:\n\n")
        let log = running.standardError
        #expect(
            log.contains("\nunexpected exit, mailing\nMailed:\n\nTo: ops@example.org\nSubject: web")
        )
        #expect(log.contains("(pid 5) from state RUNNING\n\nhost: "))
    }

    // MARK: Injection

    private static let line =
        "x\r\nBcc: evil@example.org\r\n\r\nbody\n.\nRCPT TO:<evil@example.org>\u{1B}[2J\u{7F}"

    @Test func `No option can add a header`() throws {
        let options: [(Tool, [String])] = [
            (.crashmail, ["-o", Self.line]), (.crashmailbatch, ["-s", Self.line]),
            (.fatalmailbatch, ["--subject=\(Self.line)"]), (.crashsms, ["-s\(Self.line)"]),
        ]
        for (tool, arguments) in options {
            let mail = try mail(of: tool, "web", arguments)
            #expect(mail.headers.map(\.name) == Self.headers)
            let subject = try #require(mail["Subject"])
            // Control characters are spaces in a prefix, and visible in a subject.
            #expect(subject.contains(/^x(?:\\r)? Bcc: evil@example.org/))
            #expect(!subject.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
            #expect(mail.told.contains("web"))
            #expect(!mail.told.contains("evil"))
        }
    }

    @Test func `No name given to httpok or memmon can add a header`() throws {
        let mailbox = try Mailbox()
        let site = try HTTPSite()
        try site.behave(.init(status: 500, reason: "No"))
        let big = try ChildProcess(["/bin/sleep", "86400"])
        let supervisord = try XMLRPCServer(.unix, [.init("web", pid: Int(big.pid))])
        let delivery = ["-n", Self.line, "-m", "ops@example.org", "-s", mailbox.command]
        let tools: [(Tool, [String])] = [
            (.memmon, ["-a", "1"] + delivery), (.httpok, ["-a"] + delivery + [site.url]),
        ]
        for (count, (tool, arguments)) in tools.enumerated() {
            let running = try RunningTool(tool, arguments, serverURL: supervisord.url)
            try running.waitForReady()
            try running.handle(.tick(5))
            let mail = try mailbox.waitForMails(count + 1)[count]
            #expect(mail.headers.map(\.name) == Self.headers)
            #expect(mail["Subject"]?.hasPrefix("\(tool) [x Bcc: evil@example.org  body . ") == true)
            #expect(mail.defects.isEmpty)
            #expect(try running.finishSilently() == .exited(0))
        }
    }

    @Test(arguments: Tool.mailers, EventFrame.Length.allCases)
    func `No name of a process can add a header or a line`(
        _ tool: Tool, _ length: EventFrame.Length
    ) throws {
        let name = "网\rBcc:evil@example.org\r\u{0}\u{1B}[31m\u{85}\u{2028}站\u{7F}"
        let mail = try mail(of: tool, name, group: name, length: length)
        #expect(
            mail.headers.map(\.name) == Self.headers.filter { tool != .crashsms || $0 != "Subject" }
        )
        #expect(mail["Bcc"] == nil)
        #expect(mail.told.contains("evil"))
        #expect(mail.told.filter { $0 == "\n" }.count == 1)
        let subject = mail["Subject"] ?? ""
        #expect(!subject.unicodeScalars.contains { $0.value < 32 || $0.value == 127 })
    }

    // MARK: Headers

    @Test func `The sender is the user at this host, unless another is named`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "root", "-s", mailbox.command])
        try running.handle(.exited("web"))
        let mail = try mailbox.waitForMails(1)[0]
        let host = ProcessInfo.processInfo.hostName
        #expect(mail["From"]?.hasPrefix("\(NSUserName())@") == true)
        #expect(mail["From"]?.isEmpty == false && !host.isEmpty)
        #expect(mail["To"] == "root")

        let named = try self.mail(
            of: .crashmail, "web", sender: "\"Störfall, GmbH\" <a.b@example.org>")
        #expect(named["From"]?.hasSuffix("<a.b@example.org>") == true)
        #expect(named["From"]?.contains("Störfall") == true)
    }

    @Test func `Each mail has its own Message-ID`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--flood-limit", "0"])
        for _ in 1...40 { try running.handle(.exited("web")) }
        let identities = try mailbox.waitForMails(40).compactMap { $0["Message-ID"] }
        #expect(Set(identities).count == 40)
        #expect(identities.allSatisfy { $0.wholeMatch(of: /<[^<>@\s]+@[^<>@\s]+>/) != nil })
    }

    @Test func `A process without a pid is reported too`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        try running.handle(.state("EXITED", "web", from: "RUNNING", "expected:0"))
        #expect(try mailbox.waitForMails(1)[0].told.contains("(pid unknown) from state RUNNING"))
    }
}
