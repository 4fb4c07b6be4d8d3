import Foundation
import TestSupport
import Testing

/// Delivery through a sendmail command.
@Suite struct SendmailTests {
    private func crashmail(_ command: String, to recipients: String = "ops@example.org") throws
        -> RunningTool
    {
        try .ready(
            .crashmail, ["-m", recipients, "--sendmail_program=\(command)", "--flood-limit", "0"])
    }

    // MARK: The environment

    @Test func `A command gets what it needs, and no secret`() throws {
        let directory = try TemporaryDirectory()
        let secrets = [
            "SUPERLANCE_SMTP_PASSWORD": "geheim1", "SUPERLANCE_PASSWORD": "geheim2",
            "SUPERLANCE_WEBHOOK_HEADER": "X-Key: geheim3",
            "SUPERLANCE_SLACK": "http://127.0.0.1:1/geheim4",
            "SUPERLANCE_HEARTBEAT": "http://127.0.0.1:1/geheim5",
            "SUPERVISOR_SERVER_URL": "http://lance:geheim6@127.0.0.1:1",
            "SUPERVISOR_PASSWORD": "geheim7", "AWS_SECRET_ACCESS_KEY": "geheim8",
            "SUPERLANCE_SLAK": "http://127.0.0.1:1/geheim9",
        ]
        let useful = [
            "LC_TIME": "de_DE.UTF-8", "TZ": "Asia/Kathmandu", "HOME": "/root", "WRAPPED": "yes",
            "ALSO": "this one",
        ]
        let command =
            "env >\(directory.path("new")); mv \(directory.path("new")) "
            + "\(directory.path("env")); cat >/dev/null"
        let running = try RunningTool.ready(
            .crashmail,
            ["-m", "ops@example.org", "-s", command, "--pass-env", "WRAPPED", "--pass-env=ALSO"],
            environment: secrets.merging(useful) { $1 })
        try running.handle(.exited("web"))
        try eventually("the command's environment") { !directory.read("env").isEmpty }
        let lines = directory.read("env").split(separator: "\n")
        #expect(!lines.contains { $0.contains("geheim") })
        for (name, value) in useful { #expect(lines.contains("\(name)=\(value)")) }
        for name in ["PATH=", "SUPERVISOR_PROCESS_NAME=", "SUPERVISOR_ENABLED="] {
            #expect(lines.contains { $0.hasPrefix(name) })
        }
        // The listener's own environment does not show them either.
        let own = try String(
            contentsOfFile: "/proc/\(running.process.pid)/environ", encoding: .utf8)
        for number in 1...9 { #expect(!own.contains("geheim\(number)")) }
    }

    // MARK: Failures

    @Test(arguments: [
        ("/nonexistent/sendmail -t", "exited with status 127", "not found"),
        ("cat >/dev/null; exit 67", "exited with status 67", ""),
        (
            "cat >/dev/null; echo 'no such user: ops' >&2; echo second >&2; exit 1",
            "exited with status 1: no such user: ops; second", ""
        ),
        ("exec <&-; echo closed >&2; exit 75", "exited with status 75: closed", ""),
        ("kill -9 $$", "the sendmail command was terminated by signal 9", ""),
        ("yes 'a long complaint' | head -n 100000 >&2; exit 3", "status 3: ", "a long complaint"),
        ("printf '\\033[31mred\\a\\377' >&2; exit 4", "status 4: ", "[31mred"),
        ("exit", "", "Mailed:"),
    ])
    func `A command's failure is told with its status and its words, and the alert in the end`(
        _ command: String, _ status: String, _ words: String
    ) throws {
        let running = try crashmail(command)
        try running.handle(.exited("web"))
        try running.waitForError(status)
        try running.waitForError(words)
        #expect(try running.finishSilently() == .exited(0))
        let log = running.standardError
        let isLost = !log.contains("Mailed:")
        #expect(log.contains("dropping an alert of") == isLost)
        #expect(log.components(separatedBy: "Process web in group web exited").count == 2)
        #expect(log.contains("Subject: web crashed at"))
        #expect(!log.unicodeScalars.contains("\u{1B}"))
        #expect(log.utf8.count < 10_000)
    }

    @Test func `What failed once is tried again and told once`() throws {
        let mailbox = try Mailbox(.failsFirst(1, status: 75, words: "the queue is full"))
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command],
            environment: ["TZ": "Asia/Kathmandu"])
        try running.handle(.exited("web"))
        try running.waitForError("status 75: the queue is full")
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mailbox.attempts == 2)
        // The time is that of the crash, not of the second attempt.
        let subject = try #require(mail["Subject"])
        let date = try #require(mail["Date"])
        let clock = try #require(subject.firstMatch(of: /\d\d:\d\d:\d\d/)?.output)
        #expect(date.contains("\(clock) +0545"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("dropping an alert"))
        #expect(mailbox.count == 1)
    }

    @Test func `After an outage a few alerts come singly, many as one digest in order of age`()
        throws
    {
        let mailbox = try Mailbox(.missing)
        let running = try crashmail(mailbox.command)
        let fewBox = try Mailbox(.missing)
        let few = try crashmail(fewBox.command)
        let names = ["first", "第二", "$(third)", "<b>4</b>"] + (5...12).map { "p\($0)" }
        for tool in [running, few] {
            try tool.handle(.exited(names[0]))
            try tool.waitForError("status 127")
        }
        for name in names.dropFirst() { try running.handle(.exited(name)) }
        for name in names[1...2] { try few.handle(.exited(name)) }
        for box in [mailbox, fewBox] { try box.behave(.accepts) }

        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("crashmail: 12 alerts since ") == true)
        #expect(mail.defects.isEmpty)
        let told = mail.body.matches(of: /Process (.+) in group .+ exited/).map { String($0.1) }
        #expect(told == names)
        let subjects = mail.body.matches(of: /\d+\. (.+) crashed at/).map { String($0.1) }
        #expect(subjects == names)
        // The command works again: the next mail is sent at once and alone.
        try running.handle(.exited("later"))
        let next = try mailbox.waitForMails(2)[1]
        #expect(next["Subject"]?.hasPrefix("later crashed at") == true)
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 2)

        let singles = try fewBox.waitForMails(3).compactMap {
            $0["Subject"]?.split(separator: " ").first.map(String.init)
        }
        #expect(singles.sorted() == names[...2].sorted())
    }

    @Test func `A command that talks without end keeps nobody waiting`() throws {
        let running = try crashmail("yes READY")
        for _ in 1...8 { try running.handle(.exited("web")) }
        for _ in 1...100 { try running.handle(.tick(5), within: .seconds(20)) }
    }

    @Test func `A command gets three descriptors and no blocked signal`() throws {
        let directory = try TemporaryDirectory()
        // ls itself opens the directory, as number 3.
        let running = try crashmail(
            "ls /proc/self/fd > \(directory.path("numbers")); "
                + "grep SigBlk /proc/self/status > \(directory.path("signals"))")
        try running.handle(.exited("web"))
        try running.waitForError("Mailed:")
        #expect(directory.read("numbers") == "0\n1\n2\n3\n")
        #expect(directory.read("signals") == "SigBlk:\t0000000000000000\n")
    }

    // MARK: Unusual successes

    @Test func `A command that reads nothing and succeeds has taken the mail`() throws {
        let mailbox = try Mailbox(.readsNothing)
        let running = try RunningTool.ready(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        // More than the capacity of a pipe.
        for number in 1...50 {
            try running.handle(.exited(String(repeating: "名\(number)", count: 600)))
        }
        try running.handle(.tick(60))
        try mailbox.waitForAttempts(1)
        try mailbox.behave(.accepts)
        try running.handle([.exited("small"), .tick(60)])
        #expect(try mailbox.waitForMails(1)[0].told.hasSuffix("died unexpectedly\n"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.attempts == 2)
        #expect(!running.standardError.contains("dropping an alert"))
    }

    @Test func `A large mail goes through a command that reads in small bites`() throws {
        let directory = try TemporaryDirectory()
        let running = try RunningTool.ready(
            .fatalmailbatch,
            Tool.fatalmailbatch.writing(to: "ops@example.org")
                + [
                    "--sendmail",
                    "dd bs=7001 of=\(directory.path("part")) 2>/dev/null && mv \(directory.path("part")) \(directory.path("mail"))",
                ])
        let name = String(repeating: "长", count: 300)
        for number in 1...50 { try running.handle(.fatal("\(name)\(number)")) }
        try running.handle(.tick(60))
        try eventually("the mail") { directory.names().contains("mail") }
        let mail = try Mail.parse([directory.bytes("mail")])[0]
        let lines = mail.told.split(separator: "\n")
        #expect(lines.count == 50)
        #expect(lines.last?.hasSuffix("长50 failed to start too many times") == true)
    }

    @Test func `A command that leaves somebody behind with its pipes is over when it is over`()
        throws
    {
        let directory = try TemporaryDirectory()
        try directory.write("stay", "")
        let mailbox = try Mailbox()
        // It ends when the directory is removed.
        let lingerer = "(while [ -e \(directory.path("stay")) ]; do sleep 0.2; done) &"
        let running = try crashmail("\(mailbox.command); \(lingerer) exit 0")
        try running.handle(.exited("web"))
        try running.waitForError("Mailed:")
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 1)
    }

    // MARK: Many at once

    @Test func `Of many slow deliveries eight are under way at once, and all arrive`() throws {
        let mailbox = try Mailbox()
        let directory = try TemporaryDirectory()
        let folder = directory.path
        let gate =
            "touch \(folder)/began.$$; until [ -e \(folder)/open ]; do sleep 0.1; done; "
            + mailbox.command
        let running = try crashmail(gate)
        for number in 1...30 { try running.handle(.exited("p\(number)")) }
        try eventually("eight deliveries") { directory.names().count >= 8 }
        for _ in 1...50 { try running.handle(.tick(5)) }
        #expect(directory.names().count == 8)
        try directory.write("open", "")
        let mails = try mailbox.waitForMails(30)
        #expect(Set(mails.compactMap { $0["Message-ID"] }).count == 30)
        let names = mails.compactMap { $0["Subject"]?.split(separator: " ").first }
        #expect(Set(names) == Set((1...30).map { "p\($0)" }))
    }

    @Test func `A command's failure counts, whatever the parent does with its children`() throws {
        let running = try RunningTool(
            .crashmail, ["-m", "ops@example.org", "-s", "cat >/dev/null; exit 75"],
            through: ["/usr/bin/env", "--ignore-signal=CHLD"])
        try running.waitForReady()
        try running.handle(.exited("web"))
        try running.waitForError("the sendmail command exited with status 75")
        #expect(!running.standardError.contains("Mailed:"))
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test func `A command may ignore no signal because the parent does`() throws {
        let directory = try TemporaryDirectory()
        let running = try RunningTool(
            .crashmail,
            [
                "-m", "ops@example.org", "-s",
                "grep SigIgn /proc/self/status > \(directory.path("ignored")); cat >/dev/null",
            ],
            through: ["/usr/bin/env", "--ignore-signal=CHLD", "--ignore-signal=HUP"])
        try running.waitForReady()
        try running.handle(.exited("web"))
        try running.waitForError("Mailed:")
        let digits = directory.read("ignored").split(separator: "\t").last ?? ""
        let ignored = try #require(UInt64(digits.prefix { $0 != "\n" }, radix: 16))
        // 32 and 33 are glibc's own, which posix_spawn(3) ignores in each child.
        #expect(ignored & ~0x1_8000_0000 == 0)
    }

    // MARK: Recipients

    @Test func `Several recipients with names are all written to`() throws {
        let server = try MailServer()
        let msmtp = try Msmtp(to: server)
        let recipients =
            #"ops@example.org, "Last, First" <lf@example.org>, 张三 <zs@example.org>,root@example.org"#
        let running = try crashmail(msmtp.command, to: recipients)
        try running.handle(.exited("web"))
        let message = try server.waitForMessages(1)[0]
        #expect(
            message.recipients == [
                "ops@example.org", "lf@example.org", "zs@example.org", "root@example.org",
            ])
        #expect(
            message.mail["To"]
                == #"ops@example.org, "Last, First" <lf@example.org>, 张三 <zs@example.org>, root@example.org"#
        )
        #expect(message.mail.defects.isEmpty)
    }
}
