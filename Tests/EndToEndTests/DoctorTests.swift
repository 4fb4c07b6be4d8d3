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

    private static let faults = [
        Fault("-s cat", "-s cat --wbhook x", "command", "fault", "unknown option --wbhook"),
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
            "1024", "1024\nredirect_stderr=true", "redirect_stderr", "fault",
            "remove redirect_stderr="),
        Fault("1024", "1024\nuser=nosuchuser", "user", "fault", "user nosuchuser does not exist"),
        Fault("1024", "1024\nnumprocs=2", "numprocs", "warning", "remove numprocs="),
        Fault("-s cat", "-s cat -p wbe", "names", "warning", "-p wbe matches no process"),
        Fault("-s cat", "-s /nonexistent/a", "channel", "fault", "cannot find /nonexistent/a"),
        Fault("-s cat", "--smtpHost 127.0.0.1:1", "channel", "fault", "127.0.0.1:1"),
        Fault(
            "-s cat", "-s cat --webhook http://127.0.0.1:1/", "channel", "fault",
            "http://127.0.0.1:1 does not respond"),
        Fault("-s cat", "-s cat --spool /nonexistent/a", "spool", "fault", "cannot write to"),
        Fault("-s cat", "-s cat --metrics /nonexistent/a", "metrics", "fault", "cannot write to"),
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
    ]

    @Test(arguments: faults)
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
            findings.contains { $0.message == "memmon is FATAL: see its stderr log" }
        )
        #expect(findings.contains { $0.check == "names" && $0.message == "-p web matches web" })
        #expect(status == .exited(2))
        #expect(starts() == before)
        try supervisord.stop()
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

    @Test func `a table is for people`() throws {
        let path = try folder.write("supervisord.conf", Self.good(folder.path))
        let output = try ChildProcess.run([Tool.superlance, "doctor", "-c", path])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.first?.split(separator: " ") == ["SECTION", "CHECK", "RESULT", "MESSAGE"])
        #expect(lines.contains { $0.hasPrefix("eventlistener:alerts") && $0.contains("  ok  ") })
    }
}
