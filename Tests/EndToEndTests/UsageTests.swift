import Foundation
import TestSupport
import Testing

/// Command lines, and the messages about them.
@Suite struct UsageTests {
    // MARK: Valid

    @Test(arguments: Tool.allCases, ["-h", "--help", "--he", "--version"])
    func `Help is shown outside supervisord too`(_ tool: Tool, _ option: String) throws {
        let process = try RunningTool.byHand(tool, [option])
        process.closeInput()
        #expect(try process.waitForExit() == .exited(0))
        let text = String(decoding: try process.readToEnd(), as: UTF8.self)
        if option == "--version" {
            #expect(text.wholeMatch(of: /\w+ \d+\.\d+\.\d+\n/) != nil)
            #expect(text.hasPrefix("\(tool) "))
        } else {
            #expect(text.hasPrefix("usage: \(tool) "))
            for word in ["--help", "--smtpHost", "--cacert", "--server-url", "--password-file"] {
                #expect(text.contains(word))
            }
        }
        #expect(process.standardError.isEmpty)
    }

    /// As libfaketime does.
    @Test func `A preloaded library that sets a variable does not hide the arguments`() throws {
        let directory = try TemporaryDirectory()
        let source = try directory.write(
            "agent.c",
            """
            #include <stdlib.h>
            __attribute__((constructor)) static void set(void) { setenv("AGENT", "1", 1); }
            """)
        let library = directory.path("agent.so")
        try ChildProcess.run(["/usr/bin/env", "clang", "-shared", "-fPIC", "-o", library, source])
        let preload = ["/usr/bin/env", "LD_PRELOAD=\(library)"]
        for tool in Tool.allCases {
            let words = try ChildProcess.run(preload + [tool.path, "--version"])
            #expect(String(decoding: words, as: UTF8.self).hasPrefix("\(tool) "))
        }
        let greeting = try ChildProcess.run(
            preload + [Tool.superlance, "init", "--", "/bin/echo", "a b"])
        #expect(String(decoding: greeting, as: UTF8.self) == "a b\n")
    }

    /// Command lines as used in supervisord.conf files.
    private static let lines: [(Tool, [String])] = [
        (.httpok, ["-p", "web", "http://127.0.0.1:1/"]),
        (.httpok, ["-pweb", "-p", "site:web", "-t30", "-c200", "-c", "301", "http://127.0.0.1:1"]),
        (
            .httpok,
            [
                "--program=a", "--process=b", "--any", "--gcore", "gcore -o", "--coredir=/tmp",
                "--timeout", "5", "--code=204", "--body", "-ok-", "--email=a@b.c", "--sendmail",
                "cat", "--eager", "--not-eager", "--name=x", "https://u:p@[::1]:8/x?y#z",
            ]
        ),
        (.httpok, ["-aeE", "-mroot", "-s", "true", "-b-5", "-n", "", "HTTP://localhost:1"]),
        (.memmon, ["-c", "-p", "a=1", "-g", "b=2MB", "-a", "3gb", "-u", "2d", "-n", "x"]),
        (.memmon, ["-ca1KB", "-m", "a@b.c", "-sx"]),
        (.memmon, ["--cumulative", "--program=a:b=1", "--group", "c=1", "--any=9", "--uptime=5m"]),
        (.memmon, ["--process", "a=1", "--groupname=网站=1", "--email", "Ops <a@b.c>, root"]),
        (.crashmail, []),
        (.crashmail, ["-a", "-m", "a@b.c"]),
        (.crashmail, ["-ama@b.c"]),
        (.crashmail, ["-oHDR", "--opt", "x", "--sendmail_program=cat", "-p", "a", "-pb:c"]),
        (
            .crashmailbatch,
            ["-ta@b.c,root", "-f", "d@e.f", "-i", ".5", "-s", "-x-", "-e", "TICK_5"]
        ),
        (.fatalmailbatch, ["--toEmail=a@b.c", "--fromEmail=d@e.f", "--interval=2e0", "--tls"]),
        (.crashsms, ["--to", "a@b.c", "--from=d@e.f", "--smtp=h:26", "--tick", "TICK_3600"]),
        (
            .crashsms,
            ["-t", "a@b.c", "-f", "d@e.f", "-H[::1]:2", "-u", "me", "-p", "-x", "--subj="]
        ),
    ]

    @Test(arguments: lines)
    func `superlance's command lines are accepted`(_ tool: Tool, _ arguments: [String]) throws {
        let running = try RunningTool.ready(tool, arguments)
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("usage:"))
    }

    @Test(arguments: Tool.allCases.filter { $0 != .httpok })
    func `Unexpected arguments are ignored with a warning`(_ tool: Tool) throws {
        let running = try RunningTool.ready(
            tool, tool.usualArguments + ["stray", "网站\u{7}", "--", "--tls"])
        try running.handle(.supervisor("RUNNING"))
        #expect(try running.finishSilently() == .exited(0))
        for word in ["stray", "网站", "--tls"] {
            #expect(running.standardError.contains("ignoring unexpected argument '\(word)"))
        }
        #expect(!running.standardError.unicodeScalars.contains("\u{7}"))
    }

    @Test func `crashmail logs which programs -p selects, and only reports those`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail,
            ["-p", "web", "-p", "网站:job", "-m", "ops@example.org", "-s", mailbox.command])
        #expect(running.standardError.contains("reporting only crashes of web, 网站:job"))
        try running.handle([
            .exited("other"), .exited("job"), .exited("web2"), .exited("web", expected: true),
            .exited("web", group: "any"), .exited("job", group: "网站"),
        ])
        let mails = try mailbox.waitForMails(2)
        let names = mails.compactMap { $0["Subject"]?.split(separator: " ").first }.sorted()
        #expect(names == ["job", "web"])
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 2)
    }

    @Test func `crashmail takes patterns for -p, as the other tools do`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail,
            ["-p", "app*", "-p", "shop:*", "-m", "ops@example.org", "-s", mailbox.command])
        try running.handle([
            .exited("other"), .exited("worker", group: "shops"), .exited("myapp"),
            .exited("app2"), .exited("worker", group: "shop"),
        ])
        let names = try mailbox.waitForMails(2).compactMap {
            $0["Subject"]?.split(separator: " ").first
        }
        #expect(names.sorted() == ["app2", "worker"])
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 2)
    }

    @Test func `crashmail without an address only logs`() throws {
        let running = try RunningTool.ready(.crashmail, ["-a", "-s", "exit 1"])
        try running.handle(.exited("web"))
        try running.waitForError("Process web in group web exited unexpectedly")
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("None"))
    }

    // MARK: Invalid

    /// Invalid command lines and the expected errors.
    private static let mistakes: [(Tool, [String], String)] = [
        (.httpok, [], "no URL: add the URL to check"),
        (.httpok, ["-p", "web"], "no URL: add the URL to check"),
        (.httpok, ["http://user:p@ss@host/"], "write %40 for '@' in the login"),
        (.httpok, ["http://$HOST:80/"], "write %(ENV_NAME)s for the variable NAME"),
        (
            .httpok, ["a=http://h/", "b=http//x", "c=http://y/"],
            "URL 2 requires an http or https URL"
        ),
        (
            .httpok, ["-x", "--action", "stop", "http://h/"],
            "-x cannot be combined with --action stop"
        ),
        (.httpok, ["--regex", "(", "http://h/"], "Unmatched ( or \\("),
        (.httpok, ["http://h:{8000+num}/"], "require PATTERN= before the URL, or -p"),
        (.httpok, ["--cert-expiry", "14d", "http://h/"], "--cert-expiry requires an https URL"),
        (.httpok, ["-p", "x", "ftp://h/"], "URL requires an http or https URL"),
        (.httpok, ["file:///etc/passwd"], "URL requires an http or https URL"),
        (.httpok, ["localhost:80"], "URL requires an http or https URL"),
        (.httpok, ["-t", "0", "http://h/"], "-t requires a time"),
        (.httpok, ["-t", "soon", "http://h/"], "-t requires"),
        (.httpok, ["--timeout=-5", "http://h/"], "--timeout requires"),
        (.httpok, ["-t", "1e3", "http://h/"], "-t requires"),
        (.httpok, ["-c", "99", "http://h/"], "-c requires a status from 100 to 599"),
        (.httpok, ["-c", "200", "--code", "600", "http://h/"], "--code requires a status"),
        (.httpok, ["-m", "", "http://h/"], "-m requires mail addresses"),
        (.httpok, ["--c", "200", "http://h/"], "option --c is ambiguous"),
        (.httpok, ["-p", "x", "http://u:geheim@h:0/"], "URL requires"),
        (.memmon, [], "no limit: add -p"),
        (.memmon, ["-p", "cat"], "-p requires name=size"),
        (.memmon, ["-p", "cat=x"], "-p requires name=size"),
        (.memmon, ["--program==1"], "--program requires name=size"),
        (.memmon, ["-g", "cats=1XB"], "-g requires name=size"),
        (.memmon, ["-a", "1", "--measure", "vsz"], "--measure requires rss, pss, uss or rss+swap"),
        (.memmon, ["-a", "1", "--warn", "100%"], "--warn requires a percentage from 1 to 99"),
        (.memmon, ["--group-total", "web"], "--group-total requires name=size"),
        (.memmon, ["-a", "101%"], "-a requires a size in bytes, with K, M or G, or in percent"),
        (.memmon, ["-a", "lots", "-a", "1GB"], "-a requires a size"),
        (.memmon, ["-u", "x", "-u", "1h", "-a", "1"], "-u requires a time such as 90"),
        (.memmon, ["-a", "1", "--action", "x", "--action", "stop"], "--action requires"),
        (.memmon, ["-a", "1", "--reminder", "0", "--reminder", "1h"], "--reminder requires"),
        (.memmon, ["-a", "viel"], "-a requires a size"),
        (.memmon, ["-a", "-1"], "-a requires a size"),
        (.memmon, ["-a1", "-u", "1w"], "-u requires"),
        (.memmon, ["-a"], "option -a requires a value"),
        (.memmon, ["-a1", "-m", "a@b.c\nBcc: x@y.z"], "-m requires mail addresses"),
        (.crashmail, ["-x"], "unknown option -x"),
        (.crashmail, ["--bogus=geheim"], "unknown option --bogus"),
        (.crashmail, ["--any=yes"], "option --any does not accept a value"),
        (.crashmail, ["-am"], "option -m requires a value"),
        (.crashmail, ["-m", "a b@c"], "-m requires mail addresses"),
        (.crashmail, ["-m", ","], "-m requires mail addresses"),
        (.crashmail, ["-m", "a@b.c", "-s", " "], "-s requires a command"),
        (.crashmail, ["--smtpHost", "h:0"], "--smtpHost requires host or host:port"),
        (.crashmail, ["--smtpHost", "ftp://h"], "--smtpHost requires host or host:port"),
        (.crashmail, ["--smtpHost", "u:geheim@h"], "--smtpHost requires host or host:port"),
        (.crashmail, ["--fromEmail", "a@b.c,d@e.f"], "--fromEmail requires one mail address"),
        (.crashmail, ["-p", ""], "-p requires the name of a process"),
        (.httpok, ["--program=", "http://h/"], "--program requires the name of a process"),
        (.crashmail, ["--userName", "x", "--password-file="], "--password-file requires a file"),
        (.crashmail, ["--password-file="], "--password-file requires a file"),
        (.crashmailbatch, [], "-t (--toEmail) is missing"),
        (.crashmailbatch, ["-t", "a@b.c"], "-f (--fromEmail) is missing"),
        (.fatalmailbatch, ["-f", "a@b.c"], "-t (--toEmail) is missing"),
        (.crashsms, ["-t", "", "-f", "a@b.c"], "-t requires mail addresses"),
        (.crashsms, ["-t", "a@b.c", "-f", ""], "-f requires"),
        (.crashmailbatch, ["-t", "a@b", "-f", "c@d", "-i", "often"], "-i requires"),
        (.crashmailbatch, ["-t", "a@b", "-f", "c@d", "--interval=-1"], "--interval requires"),
        (.crashmailbatch, ["-t", "a@b", "-f", "c@d", "-i", "nan"], "-i requires"),
        (.crashsms, ["-t", "a@b", "-f", "c@d", "-e", "TICK_30"], "-e requires TICK_5"),
        (.crashmail, ["-m", "--show-config"], "-m requires a value, but --show-config is"),
        (.crashmail, ["--emial", "a@b"], "unknown option --emial; did you mean --email?"),
        (
            .fatalmailbatch, ["-t", "a@b", "-f", "c@d", "-e", "TOCK"],
            "-e requires TICK_5, TICK_60 or TICK_3600"
        ),
        (.crashsms, ["-t", "a@b", "-f", "c@d", "-H", "a b"], "-H requires host or host:port"),
        (.crashsms, ["-t", "a@b", "-f", "c@d", "-H", ""], "-H requires host or host:port"),
        (.crashsms, ["-t", "a@b", "-f", "c@d", "--s", "x"], "option --s is ambiguous"),
        (.httpok, ["--server-url", "nonsense", "http://h/"], "--server-url"),
        (.memmon, ["-a1", "--server-url="], "--server-url"),
    ]

    @Test(arguments: mistakes)
    func `A usage error is one line that names the option, and a hint at the help`(
        _ tool: Tool, _ arguments: [String], _ words: String
    ) throws {
        let running = try RunningTool(tool, arguments, serverURL: nowhere)
        #expect(try running.process.waitForExit() == .exited(64))
        #expect(try running.process.readToEnd().isEmpty)
        let lines = running.standardError.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 3)
        #expect(lines[0].hasPrefix("\(tool): error: "))
        #expect(lines[0].contains(words))
        #expect(lines[1] == "Try '\(tool) --help'.")
        #expect(lines[2].isEmpty)
        #expect(!running.standardError.contains("geheim"))
    }

    @Test func `A usage error in a section has a time, and is JSON if the log is`() throws {
        func output(_ arguments: [String], _ environment: [String: String] = [:]) throws -> [String]
        {
            let running = try RunningTool(.crashmail, arguments, environment: environment)
            #expect(try running.process.waitForExit() == .exited(64))
            return running.process.standardError.split(separator: "\n").map(String.init)
        }
        let plain = try output(["--log-format", "text", "--nonsense"])
        #expect(plain.count == 2)
        #expect(plain.allSatisfy { $0.contains(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\s/) })
        let json = [
            try output(["--log-format", "json", "--nonsense"]),
            try output(["--nonsense", "--log-format=json"]),
            try output(["--nonsense"], ["SUPERLANCE_LOG_FORMAT": "json"]),
        ]
        for lines in json {
            let objects = try lines.map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
            #expect(objects.first??["message"] as? String == "unknown option --nonsense")
            #expect(objects.first??["level"] as? String == "error")
            #expect(objects.last??["message"] as? String == "Try 'crashmail --help'.")
            #expect(
                objects.allSatisfy { $0?["tool"] as? String == "crashmail" && $0?["time"] != nil })
        }
    }

    @Test(arguments: [Tool.httpok, .memmon])
    func `httpok and memmon report a missing HTTP server`(_ tool: Tool) throws {
        let running = try RunningTool(tool, tool.usualArguments)
        #expect(try running.process.waitForExit() == .exited(64))
        #expect(try running.process.readToEnd().isEmpty)
        #expect(running.standardError.contains("[unix_http_server]"))
        #expect(running.standardError.contains("--server-url"))
    }

    @Test(arguments: Tool.allCases)
    func `Usage errors are reported outside supervisord too`(_ tool: Tool) throws {
        let process = try RunningTool.byHand(tool, tool.usualArguments + ["--nonsense"])
        process.closeInput()
        #expect(try process.waitForExit() == .exited(64))
        #expect(process.standardError.contains("unknown option --nonsense"))
    }
}
