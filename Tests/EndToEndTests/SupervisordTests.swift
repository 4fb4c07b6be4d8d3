import Foundation
import TestSupport
import Testing

/// All tools under a real supervisord: its ticks, states, shutdown and missing features.
@Suite struct SupervisordTests {
    private static let once = ["autorestart": "false", "startsecs": "0"]
    private static let crash = "/bin/sh -c 'sleep 1; exit 3'"
    private static let batch = "-t ops@example.org -f sv@example.org -e TICK_5 -i 0.01"
    /// A name with characters that are special to a shell, XML or getopt.
    private static let wild = "-a$(touch${IFS}pwned)&<>'\"`id`"

    @Test(arguments: Supervisord.Version.allCases)
    func `All six do their job, and end with supervisord`(_ version: Supervisord.Version) throws {
        let site = try HTTPSite()
        try site.behave(.init(hang: true))
        let server = try MailServer()
        let mailbox = try Mailbox()
        let mail = "-m ops@example.org -s \(mailbox.command)"
        let leak = "x = bytearray(b'x') * 80_000_000; import time; time.sleep(86400)"
        let supervisord = try Supervisord(
            version,
            [
                .listener(.httpok, "-p hung -t 1 \(mail) \(site.url)", events: "TICK_5"),
                .listener(.memmon, "-g 漏=60MB \(mail)", events: "TICK_5"),
                .listener(.crashmail, "-a \(mail)", events: "PROCESS_STATE_EXITED"),
                .listener(
                    .crashmailbatch, "\(Self.batch) -H \(server.address)",
                    events: "PROCESS_STATE_EXITED,TICK_5"),
                .listener(
                    .fatalmailbatch, "\(Self.batch) -H \(server.address)",
                    events: "PROCESS_STATE_FATAL,TICK_5"),
                .listener(
                    .crashsms, "\(Self.batch) -H \(server.address)",
                    events: "PROCESS_STATE_EXITED,TICK_5"),
                .program("网站", Self.crash, Self.once),
                .program(Self.wild, Self.crash, Self.once),
                .program("hung", "/bin/sleep 86400", ["startsecs": "0"]),
                .program("漏", #"/usr/bin/python3 -c "\#(leak)""#, ["startsecs": "0"]),
                .program("bad", "/bin/false", ["startretries": "0"]),
            ])
        let hung = try supervisord.process("hung").pid
        let leaker = try supervisord.process("漏").pid

        // By sendmail: two crashes, a hung site, a leak.
        let mails = try mailbox.waitForMails { mails in
            let subjects = mails.compactMap { $0["Subject"] }
            return subjects.count { $0.contains(" crashed at ") } == 2
                && subjects.contains("httpok: \(site.url): bad status returned")
                && subjects.contains("memmon: process 漏:漏 restarted")
        }
        try site.behave(.init())
        for name in ["网站", Self.wild] {
            #expect(mails.contains { $0["Subject"]?.hasPrefix("\(name) crashed at ") == true })
            #expect(
                mails.contains {
                    $0.told.hasPrefix("Process \(name) in group \(name) exited unexpectedly (pid ")
                })
        }
        let restart = try #require(mails.first { $0["Subject"]?.hasPrefix("httpok") == true })
        #expect(restart.told.hasPrefix("error contacting \(site.url):\n\n "))
        #expect(
            restart.told.hasSuffix(
                """
                Restarting selected processes ['hung']
                hung is in RUNNING state, restarting
                hung restarted

                """))
        try supervisord.wait(for: "hung") { $0.statename == "RUNNING" && $0.pid != hung }
        try supervisord.wait(for: "漏") { $0.statename == "RUNNING" && $0.pid != leaker }

        // By SMTP: two batches of crashes, and a failed start.
        func texts(of messages: [MailServer.Message], _ subject: String?) -> String {
            messages.map(\.mail).filter { $0["Subject"] == subject }.map(\.told).joined()
        }
        let messages = try server.waitForMessages { messages in
            let crashes = texts(of: messages, "Crash alert from supervisord")
            let short = texts(of: messages, nil)
            return crashes.contains(Self.wild) && crashes.contains("网站:网站 (pid ")
                && short.contains("[")
                && !texts(of: messages, "Fatal start alert from supervisord").isEmpty
        }
        #expect(
            texts(of: messages, "Fatal start alert from supervisord")
                .hasSuffix(" -- Process bad:bad failed to start too many times\n"))

        #expect(try supervisord.stop() == 0)
        for tool in Tool.mailers + [.httpok, .memmon] {
            #expect(supervisord.log.contains("stopped: \(tool.rawValue) (exit status 0)"))
            #expect(!supervisord.log.contains("\(tool.rawValue): bad result line"))
        }
        #expect(!supervisord.directory.names().contains("pwned"))
    }

    @Test func `A hundred and twenty crashes in six seconds are all reported by a slow sendmail`()
        throws
    {
        let mailbox = try Mailbox(.slow(0.3))
        let number = "%(process_num)d"
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .crashmail, "-a -m ops@example.org -s \(mailbox.command) --flood-limit 0",
                    events: "PROCESS_STATE_EXITED", ["buffer_size": "40"]),
                .program(
                    "burst",
                    "/bin/sh -c 'sleep $((\(number) / 20)).$(printf %%02d $((\(number) %% 20 * 5))); "
                        + "exit 1'",
                    Self.once.merging(
                        ["numprocs": "120", "process_name": "p%(process_num)03d"]) { $1 }),
            ])
        _ = try mailbox.waitForMails { mails in
            let told = mails.map(\.told).joined()
            return (0..<120).allSatisfy { number in
                told.contains("Process p\("\(1_000 + number)".dropFirst()) in group burst exited")
            }
        }
        #expect(!supervisord.log.contains("buffer overflowed"))
        #expect(mailbox.attempts <= 120)
    }

    // MARK: Missing features

    @Test(.enabled(if: getuid() == 0, "only root can start a listener as somebody else"))
    func `Without access to the socket, tools keep running and report what to set`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 500))
        let server = try MailServer()
        let nobody = ["user": "nobody"]
        let mail = "-m ops@example.org --smtpHost \(server.address)"
        let supervisord = try Supervisord(
            .current,
            [
                .listener(.httpok, "-a \(mail) \(site.url)", events: "TICK_5", nobody),
                .listener(.memmon, "-a 1 \(mail)", events: "TICK_5", nobody),
                .listener(.crashmail, mail, events: "PROCESS_STATE_EXITED", nobody),
                .program("web", Self.crash, Self.once),
            ])
        chmod(supervisord.directory.path, 0o755)
        let sentence =
            "permission denied on \(supervisord.directory.path("supervisor.sock")): set chmod= or "
            + "chown= in [unix_http_server], or run this listener without user="
        try eventually("both complaints; httpok: \(supervisord.standardError(of: "httpok"))") {
            supervisord.standardError(of: "httpok")
                .contains("Exception retrieving process info \(sentence), not acting\n")
                && supervisord.standardError(of: "memmon")
                    .contains("memmon: warning: cannot get the processes, retrying: \(sentence)\n")
        }
        for tool in [Tool.httpok, .memmon, .crashmail] {
            #expect(try supervisord.process(tool.rawValue).statename == "RUNNING")
        }
        _ = try server.waitForMessages { messages in
            let subjects = messages.compactMap { $0.mail["Subject"] }
            return subjects.contains { $0.hasPrefix("web crashed at ") }
                && subjects.contains("httpok: \(site.url): bad status returned")
        }
        for tool in [Tool.httpok, .memmon, .crashmail] {
            #expect(!supervisord.log.contains("exited: \(tool.rawValue)"))
        }
    }

    @Test func `Without an RPC interface alerts work, and the other tools report what to add`()
        throws
    {
        let site = try HTTPSite()
        try site.behave(.init(status: 500))
        let mailbox = try Mailbox()
        let mail = "-m ops@example.org -s \(mailbox.command)"
        let supervisord = try Supervisord(
            .current, without: .rpcInterface,
            [
                .listener(.httpok, "-a \(site.url)", events: "TICK_5"),
                .listener(.memmon, "-a 1", events: "TICK_5"),
                .listener(.crashmail, mail, events: "PROCESS_STATE_EXITED"),
                .program("web", Self.crash, Self.once),
            ])
        let sentence =
            "supervisord has no such method: add [rpcinterface:supervisor] to supervisord.conf"
        try eventually("both complaints") {
            supervisord.standardError(of: "httpok").contains(sentence)
                && supervisord.standardError(of: "memmon").contains(sentence)
        }
        #expect(try mailbox.waitForMails(1)[0].told.hasPrefix("Process web in group web exited"))
        #expect(!supervisord.log.contains("exited: httpok"))
        #expect(!supervisord.log.contains("exited: memmon"))
        #expect(try supervisord.stop() == 0)
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `Without an HTTP server alerts work, and the other tools report what to add`(
        _ version: Supervisord.Version
    ) throws {
        let server = try MailServer()
        let events = "PROCESS_STATE_EXITED,PROCESS_STATE_FATAL,TICK_5"
        let supervisord = try Supervisord(
            version, without: .httpServer,
            [
                .listener(
                    .httpok, "-a http://127.0.0.1:1/", events: "TICK_5", ["autorestart": "false"]),
                .listener(.memmon, "-a 1", events: "TICK_5", ["autorestart": "false"]),
                .listener(
                    .crashmail, "-m ops@example.org --smtpHost \(server.address)", events: events),
                .listener(.crashmailbatch, "\(Self.batch) -H \(server.address)", events: events),
                .listener(.fatalmailbatch, "\(Self.batch) -H \(server.address)", events: events),
                .listener(.crashsms, "\(Self.batch) -H \(server.address)", events: events),
                .program("web", Self.crash, Self.once),
                .program("bad", "/bin/false", ["startretries": "0"]),
            ])
        let wanted = [
            "Crash alert from supervisord", "Fatal start alert from supervisord", "none", "web",
        ]
        _ = try server.waitForMessages { messages in
            let subjects = messages.map { $0.mail["Subject"] ?? "none" }
            return wanted.allSatisfy { wanted in subjects.contains { $0.hasPrefix(wanted) } }
        }
        for tool in [Tool.httpok, .memmon] {
            #expect(
                supervisord.standardError(of: tool.rawValue).contains(
                    " \(tool.rawValue): error: no server URL: add [unix_http_server] and "
                        + "[rpcinterface:supervisor] to supervisord.conf, or give --server-url\n"))
            #expect(
                supervisord.log.contains("exited: \(tool.rawValue) (exit status 64; not expected)"))
        }
        #expect(try supervisord.stop() == 0)
    }

    @Test func `A usage error becomes FATAL, but never with startsecs=0`() throws {
        let wrong = ["startretries": "1"]
        let supervisord = try Supervisord(
            .current,
            [
                .listener(.crashmail, "--wrong", events: "PROCESS_STATE", wrong),
                .listener(
                    .crashsms, "--wrong", events: "PROCESS_STATE",
                    wrong.merging(["startsecs": "1"]) { $1 }),
            ])
        try supervisord.wait(for: "crashsms") { $0.statename == "FATAL" }
        let end = "exited: crashmail (exit status 64; not expected)"
        try eventually("further ends") { supervisord.log.components(separatedBy: end).count > 4 }
        #expect(!supervisord.log.contains("gave up: crashmail"))
        #expect(supervisord.log.contains("gave up: crashsms"))
    }

    /// Whatever a section contains, supervisord must not start it hundreds of times.
    @Test(arguments: [
        "superlance", "superlance crashmail -m ops@example.org", "superlance doctor --wrong",
        "superlance init --wrong", "crashmail --help", "memmon --version",
        "crashmail -m ops@example.org --show-config",
        "/bin/sh -c 'exec crashmail -m ops@example.org >&-'",
    ])
    func `A section that cannot run is started about once a second at most`(
        command: String
    ) throws {
        let folder = URL(filePath: Tool.superlance).deletingLastPathComponent().path
        let words = command.split(separator: " ").map { word in
            ["superlance", "crashmail", "memmon"].contains(word) ? "\(folder)/\(word)" : "\(word)"
        }
        // Only the words of commands: "superlance crashmail" has a tool as its argument.
        let line = words.joined(separator: " ").replacing(
            "superlance \(folder)/crashmail", with: "superlance crashmail")
        let supervisord = try Supervisord(
            .current,
            [.program("wrong", line, ["startsecs": "0", "autorestart": "true"])])
        let begin = Date()
        try eventually("three ends") {
            supervisord.log.components(separatedBy: "exited: wrong ").count > 3
        }
        // Not a measurement: without the pause it takes some milliseconds.
        #expect(Date().timeIntervalSince(begin) > 1)
        try supervisord.stop()
    }

    // MARK: Restarts and shutdown

    @Test func `A listener that is restarted loses none of its alerts`() throws {
        let slow = try Mailbox(.slow(1))
        let stuck = try Mailbox(.hangs)
        let server = try MailServer()
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(slow.command)",
                    events: "PROCESS_STATE_EXITED"),
                .listener(
                    .crashmailbatch, "-t a@example.org -f b@example.org -i 60 -H \(server.address)",
                    events: "PROCESS_STATE_EXITED,TICK_60"),
                .listener(
                    .crashsms,
                    "-t a@example.org -f b@example.org -i 60 --sendmail_program \(stuck.command)",
                    events: "PROCESS_STATE_EXITED,TICK_60"),
                .program("网站", Self.crash, Self.once),
            ])
        try slow.waitForAttempts(1)
        let pids = try supervisord.processes().map(\.pid)
        for tool in ["crashmail", "crashmailbatch", "crashsms"] {
            try supervisord.call("supervisor.stopProcess", tool)
            #expect(supervisord.log.contains("stopped: \(tool) (exit status 0)"))
            try supervisord.call("supervisor.startProcess", tool)
            #expect(try !pids.contains(supervisord.process(tool).pid))
        }
        #expect(slow.count == 1)
        #expect(try server.waitForMessages(1)[0].mail.told.contains("网站:网站 (pid "))
        let said = supervisord.standardError(of: "crashsms")
        #expect(said.contains("crashsms: error: dropping an alert of "))
        #expect(said.matches(of: /\[网站:网站\]\(\d+\) exited unexpectedly/).count >= 2)

        // They continue where they were.
        try supervisord.call("supervisor.startProcess", "网站")
        #expect(try slow.waitForMails(2).count == 2)
        try supervisord.stop()
    }

    @Test func `After a reload of supervisord the listeners work`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 500))
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .httpok, "-p web -m a@example.org -s \(mailbox.command) \(site.url)",
                    events: "TICK_5"),
                .program("web", "/bin/sleep 86400", ["startsecs": "0"]),
            ])
        try mailbox.waitForAttempts(1)
        let pid = try supervisord.process("httpok").pid
        try supervisord.send(signal: SIGHUP)
        try eventually("another httpok") {
            // No server is listening meanwhile.
            guard let process = try? supervisord.process("httpok") else { return false }
            return process.statename == "RUNNING" && process.pid != pid
        }
        let count = mailbox.attempts
        try mailbox.waitForAttempts(count + 1)
        try supervisord.wait(for: "web") { $0.statename == "RUNNING" }
        #expect(supervisord.log.contains("stopped: httpok (exit status 0)"))
    }
}
