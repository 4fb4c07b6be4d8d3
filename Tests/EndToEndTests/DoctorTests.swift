// superlance doctor with broken and correct configurations.

import Foundation
import TestSupport
import Testing

@Suite struct DoctorTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    /// The output of `--json`.
    private struct Finding: Decodable, CustomStringConvertible {
        let section: String
        let check: String
        let result: String
        let message: String

        var description: String { "\(section) \(check) \(result): \(message)" }
        var isBad: Bool { result == "warning" || result == "fault" }
    }

    /// A change that breaks a correct configuration, and the expected finding.
    struct Fault: CustomTestStringConvertible {
        let original: String
        let replacement: String
        let check: String
        let result: String
        let message: String

        init(
            _ original: String, _ replacement: String, _ check: String, _ result: String,
            _ message: String
        ) {
            (self.original, self.replacement) = (original, replacement)
            (self.check, self.result, self.message) = (check, result, message)
        }

        var testDescription: String { "\(check): \(message)" }
    }

    private static func good(_ folder: String) -> String {
        Supervisord.ownSections(folder) + """
            [program:web]
            command=sleep 1000

            [eventlistener:alerts]
            command=\(Tool.crashmail.path) -m ops@example.org -s cat
            events=PROCESS_STATE_EXITED
            buffer_size=1024

            """
    }

    private func examine(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> (findings: [Finding], status: Ending) {
        let child = try ChildProcess(
            [Tool.superlance, "doctor", "-c", path, "--json"] + arguments,
            environment: ChildProcess.environment(adding: environment))
        let output = try child.readToEnd()
        let findings = try JSONDecoder().decode([Finding].self, from: Data(output))
        return (findings, try child.waitForExit())
    }

    private func examine(text: String) throws -> (findings: [Finding], status: Ending) {
        try examine(try folder.write("supervisord.conf", text))
    }

    @Test func `it reports no problem with a good configuration`() throws {
        let (findings, status) = try examine(text: Self.good(folder.path))
        #expect(findings.filter(\.isBad).isEmpty, "\(findings)")
        #expect(status == .exited(0))
    }

    /// The SHA-1 of "secret".
    private static let passwordHash = "e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"

    private static let faults = [
        Fault("-s cat", "-s cat --wbhook x", "command", "fault", "unknown option --wbhook"),
        Fault(
            "ops@example.org", "\u{201C}ops@example.org\u{201D}", "command", "fault",
            "option -m requires a value without '\u{201C}'"),
        Fault(
            "1024", "1024\nenvironment=SUPERLANCE_FROMEMAIL=\"\u{2018}ops@example.org\u{2019}\"",
            "command", "fault", "requires mail addresses: remove '\u{2018}' in "),
        Fault(
            "-s cat", "--smtpHost mail.example.org\u{200B}", "command", "fault",
            "--smtpHost requires host or host:port: the SMTP server's host is neither"),
        Fault("-s cat", "-s cat --cooldown soon", "command", "fault", "--cooldown requires"),
        Fault("EXITED", "FATAL", "events", "fault", "add PROCESS_STATE_EXITED to events="),
        Fault("EXITED", "EXIT", "events", "fault", "event PROCESS_STATE_EXIT does not exist"),
        Fault("events=", ";", "events", "fault", "events= is missing"),
        Fault("-s cat", "-s cat --recovered", "events", "fault", "add PROCESS_STATE_RUNNING"),
        Fault("buffer_size=1024", "", "buffer_size", "warning", "set buffer_size=1024"),
        Fault("buffer_size=", "bufer_size=", "setting", "warning", "has no bufer_size="),
        Fault("1024", "1024\nstartsecs=0", "startsecs", "warning", "remove startsecs="),
        Fault("1024", "1024\nautorestart=false", "autorestart", "warning", "remove autorestart="),
        Fault(
            "1024", "1024\nredirect_stderr=true", "file", "fault", "remove redirect_stderr="),
        Fault("1024", "1024\nuser=nosuchuser", "file", "fault", "user=nosuchuser is not a user"),
        Fault(
            "1024", "1024\nstopsignal=sigkill", "stopsignal", "warning",
            "with stopsignal=SIGKILL the listener loses its last alerts: remove stopsignal="),
        Fault("1024", "1024\nstopsignal=9", "stopsignal", "warning", "remove stopsignal="),
        Fault("1024", "1024\nstopwaitsecs=5", "stopwaitsecs", "warning", "remove stopwaitsecs="),
        Fault(
            "1024",
            """
            1024
            [eventlistener:retry]
            command=\(Tool.fatalretry.path) -p "w*"
            events=PROCESS_STATE,SUPERVISOR_STATE_CHANGE
            [eventlistener:slow]
            command=\(Tool.fatalretry.path) -p "web" --backoff 1h
            events=PROCESS_STATE,SUPERVISOR_STATE_CHANGE
            """, "names", "warning",
            "[eventlistener:retry] also starts web, so neither waits for its delay: select other"),
        Fault("1024", "1024\nnumprocs=2", "numprocs", "warning", "remove numprocs="),
        Fault("-s cat", "-s cat -p wbe", "names", "warning", "-p wbe matches no process"),
        Fault("-s cat", "-s /nonexistent/a", "channel", "fault", "cannot find /nonexistent/a"),
        Fault("-s cat", "--smtpHost 127.0.0.1:1", "channel", "fault", "127.0.0.1:1"),
        Fault(
            "-s cat", "-s cat --webhook http://127.0.0.1:1/", "channel", "fault",
            "http://127.0.0.1:1 does not respond"),
        Fault("-s cat", "-s cat --spool /nonexistent/a", "spool", "fault", "cannot create /none"),
        Fault("-s cat", "-s cat --metrics /nonexistent/a", "metrics", "fault", "cannot open /none"),
        Fault(
            "crashmail -m", "crashmail/crashmail -m", "program", "fault", "cannot find "),
        Fault("-s cat", "-s cat -o 80%", "file", "fault", "write %% for a percent"),
        Fault(
            "-s cat", "-s cat -o %(ENV_NOSUCH)s", "file", "fault",
            "%(ENV_NOSUCH)s is not defined"),
        Fault("1024", "1024\nstartretries 3", "file", "fault", "neither [SECTION] nor NAME=VALUE"),
        Fault("-s cat", "-s 'cat", "file", "fault", "a quote that is not closed"),
        Fault(
            "[eventlistener:", "[program:", "section", "fault", "name the section [eventlistener"),
        Fault(
            "[program:web]", "[group:all]\nprograms=web,wbe\n[program:web]", "file", "fault",
            "there is no [program:wbe]"),
        Fault("[supervisord]", "[supervisor]", "file", "fault", "there is no [supervisord]"),
        Fault(
            "[rpcinterface:supervisor]", "[rpcinterface:other]", "server", "warning",
            "add [rpcinterface:supervisor]"),
        Fault(
            "supervisor.sock", "supervisor.sock\nusername=me\npassword=secret", "login", "warning",
            "set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD"),
        Fault("EXITED", "EXITED PROCESS_STATE", "events", "fault", "by commas"),
        Fault(
            "-s cat", "-s cat --heartbeat http://127.0.0.1:1/", "events", "fault",
            "required for --heartbeat"),
        Fault(
            "1024", "1024\nserverurl=unix:///nonexistent/a", "rpc", "warning",
            "unix:///nonexistent/a is none of supervisord's servers"),
        Fault("-s cat", "-s cat -p web=5", "names", "warning", "-p web=5 matches no process"),
        Fault("-s cat", "-s cat -p wbe", "names", "warning", "matches no process: write web"),
        Fault(
            "-s cat", "-s cat --password-file /none", "command", "fault",
            "No such file or directory; create it, or correct the path"),
        Fault(
            "logfile_maxbytes=0", "logfile=/dev/stdout", "logfile", "fault",
            "so supervisord does not start: set logfile_maxbytes=0"),
        Fault(
            "1024", "1024\nstderr_logfile=/dev/stderr", "logfile", "fault",
            "loses it after the first line: set stderr_logfile_maxbytes=0"),
        Fault(
            "1024", "1024\nstderr_logfile=/proc/self/fd/2\nstderr_logfile_maxbytes=1MB", "logfile",
            "fault", "set stderr_logfile_maxbytes=0"),
        Fault(
            "sleep 1000", "sleep 1000\nstdout_logfile=/dev/fd/1", "logfile", "warning",
            "set stdout_logfile_maxbytes=0"),
        Fault(
            "-s cat",
            "-s cat --metrics /tmp/m.prom\n[eventlistener:other]\ncommand=\(Tool.crashmail.path) "
                + "-m ops@example.org -s cat\nenvironment=SUPERLANCE_METRICS=/tmp/m.prom",
            "metrics",
            "warning", "/tmp/m.prom is also the file of [eventlistener:"),
        Fault("-s cat", "-s /etc/passwd", "channel", "fault", "/etc/passwd is not executable"),
        Fault("1024", "1024\ndirectory=/etc/passwd", "directory", "fault", "is not a directory"),
        Fault("crashmail -m", "crashmial -m", "program", "warning", "not checked: cannot find "),
        Fault(
            "[eventlistener:", "[eventlisteners:", "section", "warning",
            "write [eventlistener:alerts]"),
        Fault(
            "[eventlistener:alerts", "[eventlistener", "section", "warning",
            "write [eventlistener:NAME]"),
        Fault(
            "[program:web]", "[program:alerts]\ncommand=sleep 1000\n[program:web]", "file", "fault",
            "supervisord starts only one of [program:alerts] and [eventlistener:alerts]"),
        Fault(
            "[program:web]", "[group:alerts]\nprograms=web\n[program:web]", "file", "fault",
            "supervisord starts only one of [group:alerts] and [eventlistener:alerts]"),
        Fault(
            "1024", "1024\nstderr_logfile=/tmp", "file", "fault",
            "stderr_logfile=/tmp is a directory"),
        Fault(
            "supervisor.sock",
            "supervisor.sock\nusername=joe\npassword={SHA}\(passwordHash)\n[supervisord]\n"
                + "environment=SUPERVISOR_USERNAME=jo,SUPERVISOR_PASSWORD=secret",
            "login", "warning", "do not match the HTTP server's section"),
    ]

    /// The command of the good configuration, and broken ones.
    private static let commands: [Fault] = {
        let program = Tool.crashmail.path
        let original = "\(program) -m ops@example.org -s cat"
        func command(_ text: String, _ check: String, _ result: String, _ message: String) -> Fault
        {
            Fault(original, text, check, result, message)
        }
        return [
            command(
                "sh -c 'exec \(program) -m a@b -s cat --wbhook x'", "command", "fault",
                "unknown option --wbhook"),
            command(
                "/bin/bash -lc \"cd / && TZ=UTC \(program) -m a@b -s 'cat' --wbhook x\"", "command",
                "fault", "unknown option --wbhook"),
            command(
                "sh -c 'exec /nonexistent/crashmail -m a@b -s cat'", "program", "fault",
                "cannot find /nonexistent/crashmail"),
            command(
                "/nonexistent/bin/crashmail -m a@b -s cat", "program", "fault",
                "cannot find /nonexistent/bin/crashmail: correct the path in command="),
            command(
                "\"\(program) -m a@b -s cat\"", "program", "warning",
                "remove the quotes around the whole of command="),
            Fault(
                "-s cat", "-s cat > /dev/null 2>&1", "command", "warning",
                "supervisord runs no shell, so > is an argument"),
            Fault(
                "ops@example.org", "ops@example.org b@example.org", "command", "warning",
                "separate addresses by commas, without spaces: -m ops@example.org,b@example.org"),
            Fault(
                "ops@example.org", "ops@example.org, b@example.org", "command", "warning",
                "without spaces: -m ops@example.org,b@example.org"),
            Fault(
                "-m ops", "\u{2013}m ops", "command", "fault",
                "unknown option \u{2013}m; did you mean -m?"),
            Fault(
                "-m ops@example.org", "\u{2014}email=ops@example.org", "command", "fault",
                "unknown option \u{2014}email; did you mean --email?"),
            Fault(
                "crashmail -m", "crashmail\u{A0}-m", "program", "warning",
                "replace U+A0 in it by a space"),
            Fault(
                "-s cat", "-s cat -o 80%", "listeners", "note",
                "a section with an invalid command= is not checked"),
            Fault(
                "-s cat", "-s cat -p web api", "command", "warning",
                "ignoring unexpected argument 'api': repeat -p before it"),
            Fault(
                "-s cat", "-s cat api", "command", "warning",
                "ignoring unexpected argument 'api': quote a value"),
            Fault(
                "ops@example.org", "$MAILTO", "command", "warning",
                "-m: $MAILTO is not expanded, since supervisord runs no shell: write "
                    + "%(ENV_MAILTO)s"),
            Fault(
                "1024", "1024\nenvironment=SUPERLANCE_SPOOL=\"${STATE}/spool\"", "command",
                "warning", "SUPERLANCE_SPOOL: $STATE is not expanded"),
            command(
                "sh -c 'exec \(program) -m a@b -s cat 2>&1'", "command", "fault", "remove | and &"),
            command(
                "sh -c '\(program) -m a@b -s cat &'", "command", "fault", "remove | and &"),
            command("~/bin/crashmail -m a@b", "program", "fault", "does not expand ~"),
            command("bin/crashmail -m a@b -s cat", "program", "warning", "is relative to"),
            command("~/bin/other", "program", "fault", "does not expand ~"),
            command(
                "\(Tool.superlance) crashmail -m a@b -s cat", "command", "fault",
                "crashmail is a program of its own: write command=crashmail"),
            command(
                "\(program) -m a@b \\\n  -s cat", "command", "warning",
                "remove the \\ at the end of the line"),
            command(
                "sh -c 'cd /tmp && exec \(program) -m a@b --cooldown soon'", "command", "fault",
                "--cooldown requires"),
            command(
                "sh -c 'PATH=/nonexistent exec \(program) -m a@b -s cat'", "channel", "fault",
                "cannot find cat"),
            Fault(
                "-s cat", "-s cat --spool ~/spool", "command", "fault",
                "--spool: ~ is not expanded"),
            Fault("-s cat", "-s cat --spool spool", "spool", "warning", "spool is relative to"),
            Fault(
                "1024", "1024\nenvironment=SUPERLANCE_SPOOL=\"~/spool\"", "command", "fault",
                "SUPERLANCE_SPOOL: ~ is not expanded"),
        ]
    }()

    @Test(arguments: [
        ("sh -c 'exec PROGRAM -m ops@example.org -s cat 2>>/dev/null'", nil),
        ("/bin/sh -ec \"exec PROGRAM -m 'ops@example.org' -s cat\"", nil),
        ("sh -c 'exec PROGRAM -m $OPS'", "not checked: the shell expands parts of it"),
        ("sh -c 'exec PROGRAM -m `cat /etc/ops` -s cat'", "not checked: the shell expands"),
        (
            "sh -c 'exec $HOME/crashmail -m ops@example.org -s cat'",
            "determines the path of crashmail"
        ),
    ])
    func `it reports no problem with a tool in a shell's script`(command: String, note: String?)
        throws
    {
        let text = Self.good(folder.path).replacingOccurrences(
            of: "\(Tool.crashmail.path) -m ops@example.org -s cat",
            with: command.replacingOccurrences(of: "PROGRAM", with: Tool.crashmail.path))
        let (findings, status) = try examine(text: text)
        #expect(findings.filter(\.isBad).isEmpty, "\(findings)")
        #expect(status == .exited(0))
        #expect(findings.contains { $0.check == "buffer_size" || $0.check == "section" })
        guard let note else { return #expect(!findings.contains { $0.message.contains("shell") }) }
        #expect(findings.contains { $0.result == "note" && $0.message.contains(note) })
    }

    @Test(arguments: [
        (
            "sh -c 'SUPERLANCE_EMAIL=a@b.c SUPERLANCE_FROMEMAIL=a@b.c exec PROGRAM --sendmail cat'",
            false
        ),
        (
            "sh -c 'export SUPERLANCE_EMAIL=a@b.c SUPERLANCE_FROMEMAIL=a@b.c; PROGRAM --sendmail cat'",
            false
        ),
        (
            "/usr/bin/env SUPERLANCE_EMAIL=a@b.c SUPERLANCE_FROMEMAIL=a@b A=1 PROGRAM --sendmail cat",
            false
        ),
        ("/usr/bin/timeout -s TERM -k 5 1d PROGRAM -t a@b.c -f a@b.c --sendmail cat", false),
        ("sh -c 'set -e; sleep 1; exec PROGRAM -t a@b.c -f a@b.c --sendmail cat'", false),
        ("sh -c '. /etc/alerts; exec PROGRAM --sendmail cat'", true),
        ("sh -c 'export PATH=/x:$PATH; exec PROGRAM -t a@b.c -f a@b.c --sendmail x'", true),
        ("sh -c 'cd /x && exec PROGRAM -t a@b.c -f a@b.c --sendmail bin/x --spool y'", true),
        ("/usr/bin/env -i SUPERLANCE_FROMEMAIL=a@b.c PROGRAM", true),
    ])
    func `it knows the variables that a command sets, and what it does not know`(
        command: String, isUnknown: Bool
    ) throws {
        let text = Self.good(folder.path).replacingOccurrences(
            of: "\(Tool.crashmail.path) -m ops@example.org -s cat",
            with: command.replacingOccurrences(of: "PROGRAM", with: Tool.crashmailbatch.path)
        ).replacingOccurrences(of: "EXITED", with: "EXITED,TICK_60")
        let (findings, status) = try examine(text: text)
        #expect(findings.filter(\.isBad).isEmpty, "\(findings)")
        #expect(status == .exited(0))
        #expect(
            findings.contains { $0.message.hasPrefix("only its options were checked: ") }
                == isUnknown, "\(findings)")
        #expect(!findings.contains { $0.message.contains("there are no recipients") })
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root may switch to another user"),
        arguments: [
            ("supervisord.log", "FOLDER/supervisord.log", "supervisord", "supervisord does not"),
            ("supervisor.sock", "FOLDER/s.sock", "unix_http_server", "supervisord does not start"),
            ("1024", "1024\nstderr_logfile=FOLDER/a", "eventlistener:alerts", "alerts does not"),
        ])
    func `files that supervisord's user cannot write are faults`(
        _ original: String, _ replacement: String, _ section: String, _ message: String
    ) throws {
        let closed = folder.path("closed")
        try FileManager.default.createDirectory(
            atPath: closed, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: folder.path)
        for (user, isBad) in [("user=nobody", true), ("user=root", false)] {
            let text = Self.good(folder.path)
                .replacingOccurrences(of: "logfile_maxbytes=0", with: user)
                .replacingOccurrences(
                    of: original == "1024" ? original : "\(folder.path)/\(original)",
                    with: replacement.replacingOccurrences(of: "FOLDER", with: closed))
            let (findings, _) = try examine(text: text)
            #expect(
                findings.contains {
                    $0.section == section && $0.check == "user" && $0.result == "fault"
                        && $0.message.contains("user nobody cannot write to \(closed) for ")
                        && $0.message.contains(message)
                } == isBad, "\(findings)")
        }
    }

    @Test func `a login in the server URL is known`() throws {
        for (password, isRight) in [("p%%20w", true), ("x", false)] {
            let text = Self.good(folder.path).replacingOccurrences(
                of: "[unix_http_server]\nfile=\(folder.path)/supervisor.sock",
                with: "[inet_http_server]\nport=127.0.0.1:1\nusername=u\npassword=p w")
            let (findings, _) = try examine(
                text: text + "serverurl=http://u:\(password)@localhost:1\n")
            let bad = findings.filter(\.isBad)
            #expect(bad.isEmpty == isRight, "\(findings)")
            #expect(bad.allSatisfy { $0.message.hasPrefix("the login in the server URL does not") })
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root may switch to another user"))
    func `a directory that the user cannot enter hides the socket`() throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder.path)
        for mode in [0o700, 0o711] {
            try FileManager.default.createDirectory(
                atPath: folder.path("run"), withIntermediateDirectories: true)
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: folder.path("run"))
            let text = Self.good(folder.path).replacingOccurrences(
                of: "supervisor.sock", with: "run/supervisor.sock\nchmod=0777")
            let (findings, _) = try examine(text: text + "user=nobody\n")
            let socket = findings.first { $0.check == "socket" }
            #expect((socket == nil) == (mode == 0o711), "\(findings)")
            let path = folder.path("run")
            #expect(
                socket?.message.hasPrefix(
                    "user nobody cannot enter \(path), which contains the socket: run chmod o+x")
                    ?? true, "\(findings)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root may change the owner of a directory"))
    func `what another user has left in the spool is reported`() throws {
        let spool = folder.path("spool")
        let left = folder.path("spool/crashmail.alerts:alerts.0")
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        let text = Self.good(folder.path).replacingOccurrences(
            of: "-s cat", with: "-s cat --spool \(spool)")
        for owner in [0, 65_534] as [UInt32] {
            for path in [folder.path, spool] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o1777], ofItemAtPath: path)
            }
            #expect(chown(left, owner, 0) == 0)
            let (findings, _) = try examine(text: text)
            #expect(
                findings.contains {
                    $0.check == "spool" && $0.result == "warning"
                        && $0.message.hasPrefix("\(left) belongs to nobody, so ")
                } == (owner != 0), "\(findings)")
        }
    }

    @Test(arguments: faults + commands + rejected)
    func `it names each fault`(fault: Fault) throws {
        let good = Self.good(folder.path)
        let range = try #require(good.range(of: fault.original, options: .backwards))
        let (findings, status) = try examine(
            text: good.replacingCharacters(in: range, with: fault.replacement))
        let named = findings.contains {
            $0.check == fault.check && $0.result == fault.result
                && $0.message.contains(fault.message)
        }
        #expect(named, "\(findings)")
        let isFault = findings.contains { $0.result == "fault" }
        #expect(status == .exited(isFault ? 2 : 1))
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root may switch to another user"),
        arguments: [
            (
                "--smtpHost 127.0.0.1:1 --userName u --password-file FILE", "", "command",
                "cannot read FILE"
            ),
            ("-s cat --webhook http://127.0.0.1:1/ --webhook-template FILE", "", "command", "FILE"),
            ("-s cat --cacert FILE", "", "command", "cannot read FILE: Permission denied"),
            ("-s cat", "environment=SSL_CERT_FILE=FILE", "command", "cannot read FILE: "),
            ("-s FILE", "", "channel", "FILE is not executable"),
            ("-s cat --silence FILE", "", "silence", "FILE: this user cannot read it"),
            ("-s cat --spool FOLDER", "", "spool", "cannot open FOLDER: Permission denied"),
            ("-s cat --metrics FOLDER/a", "", "metrics", "cannot open FOLDER: Permission denied"),
        ])
    func `files are checked as the listener's user`(
        _ arguments: String, _ setting: String, _ check: String, _ message: String
    ) throws {
        let secrets = folder.path("secrets")
        try FileManager.default.createDirectory(
            atPath: secrets, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        let file = try folder.write("file", "{}\n", mode: 0o700)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder.path)
        func filled(_ text: String) -> String {
            text.replacingOccurrences(of: "FILE", with: file)
                .replacingOccurrences(of: "FOLDER", with: secrets)
                .replacingOccurrences(of: "SSL_CERT_\(file)", with: "SSL_CERT_FILE")
        }
        for user in ["user=nobody\n", ""] {
            let text = Self.good(folder.path).replacingOccurrences(
                of: "-s cat", with: filled(arguments))
            let (findings, _) = try examine(text: text + user + filled(setting) + "\n")
            let isNamed = findings.contains {
                $0.isBad && $0.check == check && $0.message.contains(filled(message))
            }
            #expect(isNamed == !user.isEmpty, "\(findings)")
        }
    }

    @Test(arguments: [
        ("--spool FILE", "spool", "cannot open FILE: Not a directory; alerts are kept in memory"),
        ("--spool OPEN", "spool", "cannot use OPEN, which other users may write to; run chmod"),
        ("--metrics OPEN", "metrics", "cannot use OPEN, which other users may write to; run chmod"),
        ("--metrics /dev/null", "metrics", "/dev/null, which is not a regular file"),
        (
            "--silence OPEN", "silence",
            "the silence file OPEN: it is a directory; name a file in it, such as OPEN/silence"
        ),
        (
            "--silence /dev/null", "silence",
            "the silence file /dev/null: it is a device; name a file"
        ),
        ("--silence OPEN/none/a", "silence", "there is no directory OPEN/none"),
    ])
    func `what the listener would refuse is a fault`(
        _ arguments: String, _ check: String, _ message: String
    ) throws {
        let open = folder.path("open")
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open)
        let file = try folder.write("file", "")
        func filled(_ text: String) -> String {
            text.replacingOccurrences(of: "FILE", with: file)
                .replacingOccurrences(of: "OPEN", with: open)
        }
        let (findings, _) = try examine(
            text: Self.good(folder.path).replacingOccurrences(
                of: "-s cat", with: "-s cat \(filled(arguments))"))
        #expect(
            findings.contains {
                $0.isBad && $0.check == check && $0.message.contains(filled(message))
            }, "\(findings)")
        // Nothing is changed.
        #expect(try FileManager.default.contentsOfDirectory(atPath: open).isEmpty)
    }

    @Test func `commands are searched for in the listener's own PATH`() throws {
        _ = try folder.writeProgram("mysend", "#!/bin/sh\n")
        let text = Self.good(folder.path).replacingOccurrences(of: "-s cat", with: "-s mysend")
        for (path, isFound) in [(folder.path, true), ("/nonexistent", false)] {
            let (findings, _) = try examine(text: text + "environment=PATH=\"\(path)\"\n")
            let channel = try #require(findings.first { $0.check == "channel" })
            #expect((channel.result == "ok") == isFound, "\(findings)")
        }
    }

    private static func faults(_ changes: [(String, String, String)]) -> [Fault] {
        changes.map { Fault($0.0, $0.1, "file", "fault", $0.2) }
    }

    private static func fastCGI(_ socket: String, _ message: String) -> (String, String, String) {
        (
            "[program:web]",
            "[fcgi-program:fast]\ncommand=sleep 1000\n\(socket)\n[program:web]", message
        )
    }

    private static func changes(_ changes: [(String, String)]) -> [Fault] {
        changes.map { Fault($0.0, $0.1, "", "", "") }
    }

    /// With each of these supervisord does not start.
    private static let rejected = Self.faults([
        ("logfile_maxbytes=0", "logfile_maxbytes=50 megs", "is not a size"),
        ("logfile_maxbytes=0", "loglevel=verbose", "is none of critical, error, warn"),
        ("logfile_maxbytes=0", "loglevel=%(ENV_NOSUCH)s", "%(ENV_NOSUCH)s is not defined"),
        ("logfile_maxbytes=0", "identifier=%(host_node_name)s", "%(host_node_name)s is not"),
        ("logfile_maxbytes=0", "minfds=99999999999", "is more than the kernel allows"),
        ("logfile_maxbytes=0", "minprocs=many", "is not a whole number"),
        ("logfile_maxbytes=0", "nodaemon=maybe", "is neither true nor false"),
        ("logfile_maxbytes=0", "environment=A", "environment= requires NAME="),
        ("logfile_maxbytes=0", "environment=A=b@example.org", "environment= requires NAME="),
        ("logfile_maxbytes=0", "environment=A=\"p%%w\"", "write %%%% for a percent sign"),
        ("logfile_maxbytes=0", "environment=A=%(host_node_name)s", "%(host_node_name)s is not"),
        ("logfile_maxbytes=0", "logfile=/tmp", "logfile=/tmp is a directory"),
        ("logfile_maxbytes=0", "childlogdir=/nonexistent", "is not a directory"),
        ("logfile_maxbytes=0", "directory=/etc/passwd", "is not a directory"),
        ("logfile_maxbytes=0", "user=nosuchuser", "user=nosuchuser is not a user"),
        ("supervisord.log", "none/supervisord.log", "is in a directory that does not exist"),
        ("supervisord.pid", "none/supervisord.pid", "is in a directory that does not exist"),
        ("supervisor.sock", "none/supervisor.sock", "is in a directory that does not exist"),
        (
            "supervisor.sock", "\(String(repeating: "s", count: 106)).sock",
            "is too long for a socket: write at most 99 bytes"
        ),
        ("[program:web]", "=5\n[program:web]", "is neither [SECTION] nor NAME=VALUE"),
        ("buffer_size=1024", "  buffer_size=1024", "there is no event"),
        ("[program:web]", "[]\n[program:web]", "is neither [SECTION] nor NAME=VALUE"),
        ("[program:web]", "[group:g]\nprograms=web\n[program: web]", "no [program:web]"),
        ("supervisor.sock", "supervisor.sock\nchmod=0999", "is not an octal number"),
        ("supervisor.sock", "supervisor.sock\nchown=nosuchuser", "is not a user of this host"),
        ("supervisor.sock", "supervisor.sock\nusername=me", "must both be set"),
        (
            "[unix_http_server]", "[inet_http_server]\nport=localhost:http\n[unix_http_server]",
            "is not a port"
        ),
        ("make_main", "make_man", "does not exist: write supervisor.rpcinterface:make_main"),
        ("sleep 1000", "sleep 1000\nnumprocs=2", "requires %(process_num) in process_name="),
        ("sleep 1000", "sleep 1000\nprocess_name=a:b", "contains ':'"),
        ("sleep 1000", "sleep 1000\nexitcodes=zero", "is not a list of numbers"),
        ("sleep 1000", "sleep 1000\nexitcodes=256", "is not a list of numbers"),
        ("sleep 1000", "sleep 1000\nuser=nosuchuser", "is not a user of this host"),
        ("sleep 1000", "sleep 1000\nuser=999999999", "is not a user of this host"),
        (
            "sleep 1000", "sleep 1000\nstopasgroup=true\nkillasgroup=false",
            "requires killasgroup=true"
        ),
        ("sleep 1000", "sleep 1000\nstdout_logfile=/none/a", "create /none"),
        ("[program:web]", "[program:web server]", "contains ' '"),
        ("1024", "big", "is not a whole number"),
        ("1024", "0", "is less than 1"),
        ("1024", "1024\nstartsecs=1s", "is not a whole number"),
        ("1024", "1024\npriority=high", "is not a whole number"),
        ("1024", "1024\numask=999", "is not an octal number"),
        ("1024", "1024\nstopsignal=FOO", "is not a signal"),
        ("1024", "1024\nautostart=maybe", "is neither true nor false"),
        ("1024", "1024\nautorestart=flase", "is none of true, false and unexpected"),
        ("1024", "1024\nresult_handler=nosuch", "result_handler=nosuch does not exist"),
        ("1024", "1024\nstderr_logfile=/nonexistent/a.log", "create /nonexistent"),
        ("1024", "1024\nstderr_logfile=/tmp/a%%b", "stderr_logfile= is expanded twice"),
        ("[supervisord]", "\u{FEFF}[supervisord]", "begins with a byte order mark"),
        ("[program:web]", "[group:g]\nprograms=web,\n[program:web]", "has an empty name"),
        (
            "[program:web]", "[group:g]\nprograms=web\n  web\n[program:web]",
            "separate the names of programs= by commas"
        ),
        (
            "[program:web]",
            "[group:g]\nprograms=web\n[fcgi-program:web]\ncommand=sleep 1000\n[program:web]",
            "both a program and an fcgi-program"
        ),
        (
            "[unix_http_server]", "[inet_http_server]\nport=[::1]:19001\n[unix_http_server]",
            "is an IPv6 address"
        ),
        (
            "[unix_http_server]", "[inet_http_server]\nport=::1:19001\n[unix_http_server]",
            "is an IPv6 address"
        ),
        (
            "[unix_http_server]", "[inet_http_server]\nport=127.0.0.256:19001\n[unix_http_server]",
            "is not a port"
        ),
        (
            "[unix_http_server]",
            "[inet_http_server]\nport=http://127.0.0.1:19001\n[unix_http_server]", "is not a port"
        ),
        ("supervisor.sock", "supervisor.sock\nchmod=", "chmod= is not an octal number"),
        ("supervisor.sock", "supervisor.sock\nchown=", "chown= is not a user of this host"),
        (
            "supervisor.sock", "supervisor.sock\nusername=%(here)s\npassword=x",
            "%(here)s is not defined"
        ),
        ("logfile_maxbytes=0", "directory=", "directory= is not a directory"),
        fastCGI("socket=tcp://127.0.0.1:19009\nsocket_mode=0700", "requires socket=unix:"),
        fastCGI("socket=tcp://127.0.0.1:19009\nsocket_owner=root", "requires socket=unix:"),
        fastCGI("socket=tcp://:19009", "requires unix:///PATH or tcp:"),
        fastCGI("socket=tcp://127.0.0.1:+19009", "requires unix:///PATH or tcp:"),
        fastCGI("socket=unix:///tmp/%(process_num)d", "%(process_num)s is not defined"),
        fastCGI("", "requires unix:///PATH or tcp:"),
        ("sleep 1000", "sleep %(ENV_A)d\nenvironment=A=1000", "write %(ENV_A)s"),
        ("sleep 1000", "sleep 1000\nstartsecs=%(process_num)d", "%(process_num)s is not defined"),
        ("1024", "1024\npriority=%(process_num)d", "%(process_num)s is not defined"),
        (
            "logfile_maxbytes=0", "environment=A=info\nloglevel=%(ENV_A)s",
            "%(ENV_A)s is not defined"
        ),
    ])

    @Test(.serialized, arguments: rejected)
    func `supervisord does not start with what is rejected`(fault: Fault) throws {
        let good = Self.good(folder.path)
        let range = try #require(good.range(of: fault.original, options: .backwards))
        let path = try folder.write(
            "supervisord.conf", good.replacingCharacters(in: range, with: fault.replacement))
        let child = try ChildProcess([
            try Supervisord.program(.current), "-n", "-c", path,
        ])
        #expect(try child.waitForExit() != .exited(0))
    }

    /// Unusual values that supervisord accepts.
    private static let accepted = Self.changes([
        ("logfile_maxbytes=0", "environment=A=1,B=\"x=y, z\",\n  C='d@e',"),
        ("logfile_maxbytes=0", "loglevel=INFO\nlogfile_maxbytes=1_0kb\numask=0o22"),
        ("logfile_maxbytes=0", "logfile=syslog\nminfds= 1024\nuser=%(ENV_USERNUMBER)s"),
        ("logfile_maxbytes=0", "environment=DIR=\"%(here)s\",NODE=%%(host_node_name)s"),
        (
            "logfile_maxbytes=0",
            "environment=SUPERVISOR_USERNAME=joe,SUPERVISOR_PASSWORD=\"p%%%%w\"\n"
                + "[unix_http_server]\nusername=joe\npassword=p%%w"
        ),
        (
            "logfile_maxbytes=0",
            "environment=SUPERVISOR_USERNAME=joe,SUPERVISOR_PASSWORD=secret\n"
                + "[unix_http_server]\nusername=joe\npassword={SHA}\(passwordHash)"
        ),
        ("[program:web]", "[group:web]\nprograms=web\n[program:web]"),
        (
            "[program:web]",
            "[group:all]\nprograms=alerts\n[program:alerts]\ncommand=sleep 1000\n[program:web]"
        ),
        ("supervisor.sock", "supervisor.sock\nchmod=0o700\nchown=0:0"),
        ("[unix_http_server]", "[inet_http_server]\nport=*:19001\n[unix_http_server]"),
        ("sleep 1000", "sleep 1000\nexitcodes=0, 2\nstopsignal=sigusr1\nautorestart=unexpected"),
        ("sleep 1000", "sleep 1000\nstopsignal=15\nstdout_logfile=NONE\nstderr_logfile=AUTO"),
        ("sleep 1000", "sleep 1000\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d"),
        (
            "sleep 1000",
            "sleep %(ENV_LONG)s\nenvironment=LONG=1000\nstdout_logfile=/dev/stdout\n"
                + "stdout_logfile_maxbytes=0"
        ),
        ("sleep 1000", "sleep 1000\nexitcodes=\nstopasgroup=true\nkillasgroup=1"),
        ("sleep 1000", "sleep 1%(process_num)f%(numprocs)-5.2d%(program_name).1s"),
        (
            "sleep 1000",
            "sleep 1000\nnumprocs=1\nenvironment=NAME=w%(process_num)d\n"
                + "process_name=%(ENV_NAME)s_%(process_num)x"
        ),
        ("sleep 1000", "sleep 1000\nstdout_logfile=/tmp/a%%%%b"),
        (
            "[program:web]",
            "[group:all]\nprograms= web , fast\n[fcgi-program:fast]\ncommand=sleep 1000\n"
                + "[program:web]"
        ),
        (
            "[program:web]",
            "[fcgi-program:fast]\ncommand=sleep 1000\nsocket=tcp://127.0.0.1:19009\n"
                + "[fcgi-program:other]\ncommand=sleep 1000\nsocket_mode=0700\n"
                + "socket=unix://%(here)s/%(program_name)s.sock\n[program:web]"
        ),
        ("[program:web]", "[program: web ]"), ("buffer_size=1024", "[DEFAULT]\nbuffer_size=1024"),
        ("[eventlistener:alerts]", "[eventlistener: alerts]"),
        ("[program:web]", "[group: all ]\nprograms=web\n[program:web]"),
        ("[program:web]\n", "[program:web]\n  ; indented\n\n    environment=A=1,\n      B=2\n"),
        ("sleep 1000", "sleep 1000\n\n[program:other]\n\tcommand=sleep\n\t\t1000\npriority=5"),
        ("[eventlistener:alerts]\n", "[eventlistener:alerts]\n; indented\n    "),
        ("[unix_http_server]", "[inet_http_server]\nport=127.1:19001\n[unix_http_server]"),
        (
            "supervisor.sock",
            "supervisor.sock\nusername=joe\npassword=%(here)s\n[include]\nfiles=/dev/nul[l]\n"
                + "[supervisord]\nenvironment=SUPERVISOR_USERNAME=joe,"
                + "SUPERVISOR_PASSWORD=\"%(here)s\""
        ),
        ("EXITED", "EXITED,\n   tick_60 , EVENT"),
        ("sleep 1000", "sleep 1000\nstdout_logfile=/dev/null\nstderr_logfile=AUTO"),
        (
            "sleep 1000",
            "sleep 1000\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0kb\n"
                + "redirect_stderr=true\nstderr_logfile=/dev/stderr"
        ),
        ("-s cat", "-s 'exec cat'"), ("-s cat", "-s 'cd /tmp && cat >/dev/null'"),
        ("-s cat", "-s 'if true; then cat; fi'"), ("-s cat", "-s '! cat'"),
        ("1024", "1024\nenvironment=SUPERLANCE_METRICS=\"%(here)s/metrics\""),
        ("1024", "1024\nserverurl=AUTO\npriority=-5\nstartsecs= 1"),
        ("1024", "1024\nstopsignal=USR1\nstopwaitsecs=6"), ("1024", "1024\nstopsignal= Sigint"),
        (
            "1024",
            """
            1024
            [eventlistener:retry]
            command=\(Tool.fatalretry.path) -p web
            events=PROCESS_STATE,SUPERVISOR_STATE_CHANGE
            buffer_size=1024
            [program:slow]
            command=sleep 1000
            [eventlistener:slow_retry]
            command=\(Tool.fatalretry.path) -p slow --backoff 1h
            events=PROCESS_STATE,SUPERVISOR_STATE_CHANGE
            buffer_size=1024
            """
        ),
    ])

    @Test(arguments: accepted)
    func `it reports no problem with what supervisord accepts`(change: Fault) throws {
        let good = Self.good(folder.path)
        let range = try #require(good.range(of: change.original, options: .backwards))
        let path = try folder.write(
            "supervisord.conf", good.replacingCharacters(in: range, with: change.replacement))
        let variables = ["USERNUMBER": "\(geteuid())"]
        let (findings, status) = try examine(path, environment: variables)
        #expect(findings.filter(\.isBad).isEmpty, "\(findings)")
        #expect(status == .exited(0))
        let parser = try ChildProcess(
            [
                "\(try Supervisord.program(.current).dropLast("supervisord".count))python", "-c",
                "import sys; from supervisor.options import ServerOptions\n"
                    + "ServerOptions().realize(['-n', '-c', sys.argv[1]])", path,
            ], environment: ChildProcess.environment(adding: variables))
        #expect(try parser.waitForExit() == .exited(0), "\(parser.standardError)")
    }

    @Test(arguments: [
        (
            "supervisor.rpcinterface:make_main", "nosuch:make_main",
            "supervisord starts only if its Python finds supervisor.rpcinterface_factory=nosuch:"
        ),
        (
            "supervisor.sock", "NAME", "whether supervisord starts depends on its process ID"
        ),
    ])
    func `what may prevent the start is a note`(
        _ original: String, _ replacement: String, _ message: String
    ) throws {
        let left = 104 - folder.path("").utf8.count
        let text = Self.good(folder.path).replacingOccurrences(
            of: original,
            with: replacement.replacingOccurrences(
                of: "NAME", with: String(repeating: "s", count: left)))
        let (findings, status) = try examine(text: text)
        #expect(
            findings.contains { $0.result == "note" && $0.message.hasPrefix(message) },
            "\(findings)")
        #expect(findings.filter(\.isBad).isEmpty, "\(findings)")
        #expect(status == .exited(0))
    }

    @Test(arguments: [
        ([:], true), (["LC_ALL": "", "LANG": "C"], true), (["LANG": "de_DE.UTF-8"], true),
        (["LC_CTYPE": "de_DE.utf8@euro", "LANG": "de_DE"], true),
        (["LC_ALL": "de_DE.ISO-8859-1", "LANG": "C.UTF-8"], false), (["LANG": "de_DE"], false),
    ])
    func `bytes that are not UTF-8 prevent the start in a UTF-8 locale`(
        locale: [String: String], isFault: Bool
    ) throws {
        var bytes = Array("; gr".utf8)
        bytes += [0xFC] + Array("n\n\(Self.good(folder.path))".utf8)
        let path = folder.path("supervisord.conf")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let none = ["LC_ALL": "", "LC_CTYPE": "", "LANG": ""]
        let (findings, _) = try examine(path, environment: none.merging(locale) { $1 })
        let finding = try #require(
            findings.first { $0.message.contains("line 1 of \(path) is not UTF-8") })
        #expect(finding.result == (isFault ? "fault" : "note"))
        guard isFault else { return }
        let supervisord = try ChildProcess(
            [try Supervisord.program(.current), "-n", "-c", path],
            environment: ChildProcess.environment(adding: none.merging(locale) { $1 }))
        #expect(try supervisord.waitForExit() != .exited(0))
    }

    @Test func `a result handler that may exist is a note`() throws {
        let (findings, status) = try examine(
            text: Self.good(folder.path) + "result_handler=ours:handler\n")
        #expect(
            findings.contains {
                $0.result == "note" && $0.message.contains("finds result_handler=ours:handler")
            })
        #expect(status == .exited(0))
    }

    @Test func `an IPv6 address of the server is one fault`() throws {
        let text = Self.good(folder.path).replacingOccurrences(
            of: "[unix_http_server]\nfile=\(folder.path)/supervisor.sock",
            with: "[inet_http_server]\nport=[::1]:19001"
        ).replacingOccurrences(of: "-s cat", with: "-s cat -p web")
        let (findings, _) = try examine(text: text)
        #expect(findings.filter { $0.result == "fault" }.count == 1, "\(findings)")
    }

    @Test func `Alertmanager is asked at the path of its API`() throws {
        let alertmanager = try Alertmanager(notifying: try HTTPSite())
        try alertmanager.start()
        for (path, isRight) in [("", true), ("wrong", false)] {
            let (findings, _) = try examine(
                text: Self.good(folder.path).replacingOccurrences(
                    of: "-s cat", with: "-s cat --alertmanager \(alertmanager.url)\(path)"))
            let channel = try #require(
                findings.first { $0.check == "channel" && $0.message.hasPrefix("Alertmanager") })
            #expect((channel.result == "ok") == isRight, "\(channel)")
            #expect(channel.message.contains("returned 404 Not Found: correct the URL") != isRight)
        }
    }

    @Test func `variables of supervisord's section can be used in others`() throws {
        let text = Self.good(folder.path)
            .replacingOccurrences(of: "logfile_maxbytes=0", with: "environment=SECONDS=1000")
            .replacingOccurrences(of: "sleep 1000", with: "sleep %(ENV_SECONDS)s")
        #expect(try examine(text: text).findings.filter(\.isBad).isEmpty)
    }

    @Test func `a file that cannot be read has one fault`() throws {
        let (findings, status) = try examine("/nonexistent/supervisord.conf")
        #expect(findings.map(\.result) == ["fault"])
        #expect(findings.first?.message.contains("/nonexistent/supervisord.conf") == true)
        #expect(status == .exited(2))
    }

    @Test func `a file without supervisord's section is not called correct`() throws {
        let (findings, _) = try examine(text: "[program:web]\ncommand=sleep 1000\n")
        #expect(!findings.contains { $0.check == "file" && $0.result == "ok" })
    }

    @Test func `the configuration in README with a section for supervisord is complete`() throws {
        let shown = try #require(
            try ShownConfiguration.all().first { shown in
                "\(shown)".hasPrefix("README.md")
                    && shown.sections.contains { $0.name == "supervisord" }
            })
        let names = Set(shown.sections.map(\.name))
        #expect(
            names.isSuperset(of: [
                "supervisord", "unix_http_server", "rpcinterface:supervisor", "supervisorctl",
            ]))
        #expect(names.contains { $0.hasPrefix("eventlistener:") })
        let text = shown.text.replacing(/=\/[\w\/]*\//, with: "=\(folder.path)/")
        let (findings, _) = try examine(
            try folder.write("supervisord.conf", text),
            environment: [
                "PATH": (Tool.crashmail.path as NSString).deletingLastPathComponent
                    + ":/usr/bin:/bin"
            ])
        // Expected: the host may have no sendmail.
        #expect(findings.filter { $0.isBad && $0.check != "channel" }.isEmpty, "\(findings)")
    }

    @Test(arguments: [
        (Tool.fatalexit, "", "user=nobody", "user", "remove user="),
        (
            Tool.fatalretry, "-p web --before /nonexistent/a", "", "command",
            "cannot run /nonexistent/a"
        ),
        (
            Tool.httpok, "wbe:*=http://127.0.0.1:1/", "", "names",
            "PATTERN=URL wbe:* matches no process"
        ),
        (
            Tool.httpok, "-p web http://127.0.0.1:{8000+num}/", "", "names",
            "web has no number at the end of its name for {num}"
        ),
        (
            Tool.fatalexit, "", "[supervisord]\nlogfile=/dev/stdout\n[eventlistener:alerts]",
            "logfile", "set logfile= in [supervisord] to a file"
        ),
        (
            Tool.fatalexit, "", "[supervisord]\nloglevel=error\n[eventlistener:alerts]",
            "loglevel", "set loglevel=info in [supervisord]"
        ),
        (
            Tool.fatalexit, "",
            "[eventlistener:again]\ncommand=\(Tool.fatalretry.path) -p 'w*'\nevents=EVENT\n"
                + "[eventlistener:alerts]", "names",
            "it stops supervisord when web becomes FATAL, before [eventlistener:again]"
        ),
        (
            Tool.memmon, "-c -m a@b -s cat", "", "command",
            "no limit is set, so nothing is watched: add -p, -g, -a or --group-total"
        ),
        (
            Tool.fatalretry, "-p 'a*'", "", "names",
            "-p a* matches only this listener, which does not watch itself: name other processes"
        ),
        (Tool.fatalretry, "-p web -p 'gone:*'", "", "names", "-p gone:* matches no process"),
        (
            Tool.fatalretry, "-p web --before '/bin/true -q || exit 75'", "", "command",
            "--before: no shell runs it, so || is an argument"
        ),
        (
            Tool.memmon, "-g web=1GB", "[group:shop]\nprograms=web\n[eventlistener:alerts]",
            "names",
            "-g web matches no process: write its group, shop"
        ),
    ])
    func `it examines what only one tool has`(
        _ tool: Tool, _ arguments: String, _ setting: String, _ check: String, _ message: String
    ) throws {
        let text = Self.good(folder.path).replacingOccurrences(
            of: "\(Tool.crashmail.path) -m ops@example.org -s cat",
            with: "\(tool.path) \(arguments)\n\(setting)"
        ).replacingOccurrences(of: "PROCESS_STATE_EXITED", with: "EVENT")
        let (findings, _) = try examine(text: text)
        #expect(
            findings.contains { $0.isBad && $0.check == check && $0.message.contains(message) },
            "\(findings)")
    }

    @Test func `a missing requirement of a tool is a fault`() throws {
        let text = Self.good(folder.path)
            .replacingOccurrences(
                of: "\(Tool.crashmail.path) -m", with: "\(Tool.memmon.path) -a 1GB -m"
            )
            .replacingOccurrences(of: "EXITED", with: "EXITED,TICK_60")
            .replacingOccurrences(of: "[unix_http_server]", with: "[unix_server]")
        let (findings, status) = try examine(text: text)
        #expect(findings.contains { $0.check == "server" && $0.result == "fault" })
        #expect(status == .exited(2))
    }

    @Test(arguments: try ShownConfiguration.all().filter { "\($0)".contains("cookbook") })
    func `it reports no fault in the cookbook`(shown: ShownConfiguration) throws {
        let (path, environment) = try shown.stage(in: folder)
        let (findings, _) = try examine(path, environment: environment)
        // Expected: no server is listening, and the user's directories do not exist here.
        let bad = findings.filter {
            $0.isBad && !["channel", "state"].contains($0.check)
                && !$0.message.contains(": cannot read /")
        }
        #expect(bad.isEmpty, "\(shown)")
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `it asks the running supervisord`(_ version: Supervisord.Version) throws {
        let supervisord = try Supervisord(
            version,
            [
                .program("web", "sleep 1000"),
                .listener(.crashmail, "-p web", events: "PROCESS_STATE_EXITED", ["startsecs": "1"]),
                .listener(
                    .memmon, "-t 5", events: "TICK_60", ["startsecs": "1", "startretries": "0"]),
            ])
        try supervisord.wait(for: "memmon") { $0.statename == "FATAL" }
        func starts() -> Int { supervisord.log.components(separatedBy: "spawned: ").count }
        let before = starts()
        let (findings, status) = try examine(supervisord.directory.path("supervisord.conf"))
        #expect(findings.contains { $0.check == "running" && $0.result == "ok" })
        #expect(
            findings.contains {
                $0.message.hasPrefix("memmon is FATAL: Exited too quickly")
                    && $0.message.hasSuffix("; see its stderr log")
            }, "\(findings)")
        #expect(findings.contains { $0.check == "names" && $0.message == "-p web matches web" })
        #expect(status == .exited(2))
        #expect(starts() == before)
        try supervisord.stop()
    }

    @Test func `a name that only an update keeps from matching nothing is named before it`() throws
    {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sleep 1000"),
                .listener(.crashmail, "-p web", events: "PROCESS_STATE_EXITED"),
            ])
        try supervisord.wait(for: "web") { $0.statename == "RUNNING" }
        let path = supervisord.directory.path("supervisord.conf")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacingOccurrences(of: "[program:web]", with: "[program:site]").write(
            toFile: path, atomically: true, encoding: .utf8)
        let (findings, _) = try examine(path)
        #expect(
            findings.contains {
                $0.check == "names" && $0.result == "warning"
                    && $0.message
                        == "-p web matches only processes that supervisorctl update removes: web"
            }, "\(findings)")
        try supervisord.stop()
    }

    @Test func `an include of an included file is named`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("conf.d"), withIntermediateDirectories: false)
        _ = try folder.write("conf.d/a.conf", "[include]\nfiles=other/*.conf\n")
        let (findings, _) = try examine(
            text: Self.good(folder.path) + "[include]\nfiles=conf.d/*.conf\n")
        let path = folder.path("conf.d/a.conf")
        #expect(
            findings.contains {
                $0.section == "include" && $0.result == "note"
                    && $0.message.hasPrefix("supervisord ignores [include] in \(path): move it to ")
            }, "\(findings)")
    }

    @Test func `a hashed password is that of a listener which supervisord accepts`() throws {
        let text = Self.good(folder.path).replacingOccurrences(
            of: "supervisor.sock",
            with: "supervisor.sock\nusername=joe\npassword={SHA}\(Self.passwordHash)")
        let path = try folder.write("supervisord.conf", text)
        let supervisord = try ChildProcess([
            try Supervisord.program(.current), "-n", "-c", path,
        ])
        defer { supervisord.kill() }
        try eventually("the socket") {
            FileManager.default.fileExists(atPath: folder.path("supervisor.sock"))
        }
        // Without a login, it is known only that supervisord is running.
        let (unknown, _) = try examine(path)
        #expect(unknown.contains { $0.check == "running" && $0.result == "note" }, "\(unknown)")
        #expect(try status(path, [:]) == .exited(0))
        for (password, isRight) in [("secret", true), ("wrong", false)] {
            let login = "environment=SUPERVISOR_USERNAME=joe,SUPERVISOR_PASSWORD=\(password)\n"
            let other = try folder.write("\(password).conf", text + login)
            let (findings, _) = try examine(other)
            #expect(
                findings.contains { $0.check == "running" && $0.result == "ok" } == isRight,
                "\(findings)")
            #expect(
                findings.contains { $0.check == "login" && $0.result == "warning" } != isRight,
                "\(findings)")
            let own = ["SUPERVISOR_USERNAME": "joe", "SUPERVISOR_PASSWORD": password]
            #expect(try status(path, own) == .exited(0))
        }
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `indented settings and names with spaces are those of the running supervisord`(
        _ version: Supervisord.Version
    ) throws {
        let supervisord = try Supervisord(
            version,
            [
                .init("[program: web ]\n  command=sleep 86400"),
                .init(
                    """
                    [eventlistener: memory]
                      command=\(Tool.memmon.path) -a 1GB --metrics %(here)s/metrics
                      events=TICK_5
                      startsecs=0
                    """),
            ])
        try supervisord.wait(for: "memory") { $0.statename == "RUNNING" }
        let path = supervisord.directory.path("supervisord.conf")
        let (findings, _) = try examine(path)
        #expect(!findings.contains { $0.result == "fault" }, "\(findings)")
        #expect(findings.contains { $0.check == "state" && $0.result == "ok" }, "\(findings)")
        try eventually("the metrics") {
            FileManager.default.fileExists(atPath: supervisord.directory.path("metrics"))
        }
        let output = try ChildProcess.run([Tool.superlance, "status", "-c", path])
        let text = String(decoding: output, as: UTF8.self)
        #expect(!text.contains("supervisorctl update") && !text.contains("no metrics"), "\(text)")
        #expect(try status(path, [:]) == .exited(0))
        try supervisord.stop()
    }

    private func status(_ path: String, _ environment: [String: String]) throws -> Ending {
        let child = try ChildProcess(
            [Tool.superlance, "status", "-c", path],
            environment: ChildProcess.environment(adding: environment))
        _ = try child.readToEnd()
        return try child.waitForExit()
    }

    @Test func `it sends a test alert only when asked to`() throws {
        let mailbox = try Mailbox()
        let text = Self.good(folder.path).replacingOccurrences(
            of: "-s cat", with: "-s \(mailbox.command)")
        let path = try folder.write("supervisord.conf", text)
        _ = try examine(path)
        #expect(mailbox.attempts == 0)
        let (findings, status) = try examine(path, ["--send"])
        #expect(findings.contains { $0.check == "send" && $0.result == "ok" })
        #expect(status == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `it reads included files, relative to the main one`() throws {
        let parts = Self.good(folder.path).components(separatedBy: "[eventlistener:alerts]")
        try FileManager.default.createDirectory(
            atPath: folder.path("conf.d"), withIntermediateDirectories: true)
        _ = try folder.write("conf.d/a.conf", "[eventlistener:alerts]\(parts[1])startsecs=0\n")
        let (findings, _) = try examine(text: parts[0] + "[include]\nfiles=conf.d/*.conf\n")
        #expect(
            findings.contains { $0.section == "eventlistener:alerts" && $0.check == "startsecs" })
    }

    @Test(
        arguments: [
            ("--tls", .none, nil, "; check the port, or remove --tls"),
            ("LOGIN", .startTLS, nil, "; check the port, --tls, and whether a user name"),
            ("LOGIN", .none, nil, "; check --userName and the password"),
            ("", .none, .greeting, "; check --smtpHost, and whether the server is running"),
        ] as [(String, MailServer.Security, MailServer.Stage?, String)])
    func `it says what to change for a mail server`(
        _ options: String, security: MailServer.Security, closing: MailServer.Stage?,
        _ message: String
    ) throws {
        let server = try MailServer(security)
        try server.behave(.init(close: closing))
        let file = try folder.write("password", "wrong\n", mode: 0o600)
        let text = Self.good(folder.path).replacingOccurrences(
            of: "-s cat",
            with: "--smtpHost \(server.address) \(options)".replacingOccurrences(
                of: "LOGIN", with: "--userName u --password-file \(file)"))
        let (findings, _) = try examine(text: text)
        #expect(
            findings.contains {
                $0.check == "channel" && $0.result == "fault"
                    && $0.message.contains("\(server.address)") && $0.message.contains(message)
            }, "\(findings)")
        #expect(try server.messages().isEmpty)
    }

    @Test func `a table is for people`() throws {
        let path = try folder.write("supervisord.conf", Self.good(folder.path))
        let output = try ChildProcess.run([Tool.superlance, "doctor", "-c", path])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.first?.split(separator: " ") == ["SECTION", "CHECK", "RESULT", "MESSAGE"])
        #expect(lines.contains { $0.hasPrefix("eventlistener:alerts") && $0.contains("  ok  ") })
    }
}
