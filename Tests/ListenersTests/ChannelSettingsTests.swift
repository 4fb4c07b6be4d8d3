// How the tools are told whom to tell besides by mail.

import Alerting
import Testing

@testable import Listeners

@Suite struct ChannelSettingsTests {
    private func settings(
        _ words: [String], _ environment: [String: String] = [:],
        of table: OptionTable = CrashMailOptions.table, mailer: Settings.Mailer = .sendmail
    ) throws -> Settings {
        try Settings(
            table.parse(words), of: table,
            environment: ListenerEnvironment(environment: environment),
            mailer: mailer)
    }

    @Test func `each URL is a channel, named without its secrets`() throws {
        let settings = try settings([
            "-m", "ops@example.org", "--webhook", "https://u:p@hooks.example.org/secret",
            "--webhook", "https://hooks.example.org/other", "--webhook", "http://[::1]:8080/x?y",
            "--slack", "https://hooks.slack.com/services/x", "--alertmanager",
            "http://am1:9093", "--alertmanager", "http://am2:9093/",
        ])
        #expect(
            settings.channels.map(\.name) == [
                "sendmail", "webhook https://hooks.example.org",
                "webhook https://hooks.example.org (2)", "webhook http://[::1]:8080",
                "Slack https://hooks.slack.com", "Alertmanager http://am1:9093",
                "Alertmanager http://am2:9093",
            ])
        #expect(settings.channels.map(\.tracksResolution).suffix(3) == [false, true, true])
    }

    @Test(arguments: [
        (
            ["--webhook", "ftp://geheim.example.org/"],
            "--webhook requires an http or https URL with a host"
        ),
        (["--slack", "geheim"], "--slack requires an http or https URL with a host"),
        (
            ["--alertmanager", "am:9093"],
            "--alertmanager requires an http or https URL with a host"
        ),
        (["--heartbeat", "file:///x"], "--heartbeat requires an http or https URL with a host"),
        (
            ["--webhook-header", "Authorization geheim"],
            "--webhook-header requires a header field, 'Name: value'"
        ),
        (
            ["--webhook-header", ": geheim"],
            "--webhook-header requires a header field, 'Name: value'"
        ),
        (
            ["--webhook-header", "A: geheim\r\nB: c"],
            "--webhook-header requires a header field, 'Name: value'"
        ),
        (["--webhook-template", ""], "--webhook-template requires a file"),
        (["--metrics", ""], "--metrics requires a file or a directory"),
    ])
    func `an invalid value is reported but not shown`(words: [String], error: String) throws {
        let caught = #expect(throws: UsageError.self) { try settings(words) }
        #expect(caught?.description == error)
    }

    @Test func `the environment sets options that are not on the command line`() throws {
        let environment = [
            "SUPERLANCE_EMAIL": "ops@example.org", "SUPERLANCE_SMTPHOST": "mail.example.org",
            "SUPERLANCE_WEBHOOK": "http://a/1 http://b/2", "SUPERLANCE_TLS": "1",
            "SUPERLANCE_FROMEMAIL": "lance@example.org",
        ]
        let all = try settings([], environment)
        #expect(
            all.channels.map(\.name) == ["SMTP", "webhook http://a", "webhook http://b"])
        #expect(all.arguments.has(.tls))
        let some = try settings(["-m", "me@example.org", "--webhook", "http://c"], environment)
        #expect(some.channels.map(\.name) == ["SMTP", "webhook http://c"])
        #expect(some.channels[0].targets == ["me@example.org"])
        let command = try settings(["-s", "true"], environment)
        #expect(command.channels[0].name == "sendmail")
    }

    @Test(arguments: ["SUPERLANCE_EMAIL", "SUPERLANCE_TOEMAIL"])
    func `the recipients have two variables, since they have two letters`(name: String) throws {
        let table = BatchOptions.table(for: .crashMail)
        let environment = [name: "ops@example.org", "SUPERLANCE_FROMEMAIL": "x@example.org"]
        let batch = try settings([], environment, of: table, mailer: .smtp)
        _ = try BatchOptions(batch, kind: .crashMail)
        #expect(batch.channels[0].targets == ["ops@example.org"])
        #expect(try settings([], environment).channels[0].targets == ["ops@example.org"])
    }

    @Test func `an error names the variable with the invalid value`() throws {
        let host = #expect(throws: UsageError.self) {
            try settings([], ["SUPERLANCE_WEBHOOK": "gopher://x"])
        }
        #expect(host?.description == "SUPERLANCE_WEBHOOK requires an http or https URL with a host")
        let tls = #expect(throws: UsageError.self) { try settings([], ["SUPERLANCE_TLS": "x"]) }
        #expect(tls?.description == "SUPERLANCE_TLS requires 1 or 0, not 'x'")
    }

    @Test func `the batch tools need no recipients with another channel`() throws {
        let table = BatchOptions.table(for: .crashMail)
        #expect(throws: UsageError.self) {
            try BatchOptions(settings([], of: table, mailer: .smtp), kind: .crashMail)
        }
        let words = ["--slack", "https://hooks.slack.com/services/x"]
        _ = try BatchOptions(settings(words, of: table, mailer: .smtp), kind: .crashMail)
    }

    @Test func `an option without effect causes a warning`() throws {
        let words = ["--slack-channel", "#ops", "--webhook-header", "A: b"]
        #expect(
            try settings(words).warnings == [
                "--webhook-header has no effect without --webhook",
                "--slack-channel has no effect without --slack",
            ])
        #expect(
            try settings(words + ["--slack", "http://a", "--webhook", "http://b"]).warnings == [])
    }

    @Test(arguments: [
        (["--tls"], ["--tls has no effect without --smtpHost"]),
        (["--smtpHost", "h", "-s", "cat"], ["--sendmail_program has no effect with --smtpHost"]),
        (["--smtpHost", "h:465"], ["port 465 requires TLS from the start: write smtps://h"]),
        (
            ["--smtpHost", "h:465", "--tls"],
            ["port 465 requires TLS from the start: write smtps://h"]
        ),
        (
            ["--smtpHost", "smtps://h:587"],
            ["port 587 requires STARTTLS: write --tls instead of smtps://"]
        ),
        (["--smtpHost", "smtps://h"], []), (["--smtpHost", "h:587", "--tls"], []),
        (
            ["--webhook", "http://a/x", "--webhook", "http://a/x"],
            ["ignoring a repetition of webhook http://a"]
        ),
        (["--webhook", "http://a/x", "--webhook", "http://a/y"], []),
    ])
    func `an option that is not used as expected causes a warning`(
        words: [String], warnings: [String]
    ) throws {
        #expect(try settings(["-m", "a@example.org"] + words).warnings == warnings)
    }

    @Test(arguments: [
        ("--webhook", "http://$HOST/", true), ("--spool", "${DIR}/spool", true),
        ("--password", "a$BC", false), ("--password", "$SECRET", true),
        ("--before", "touch /tmp/$SUPERLANCE_PROCESS", true),
        ("--before", "sh -c 'touch /tmp/$SUPERLANCE_PROCESS'", false),
        ("--before", "timeout 5 /bin/bash -ec 'echo $HOME'", false),
    ])
    func `a variable that nothing expands is reported`(
        option: String, value: String, isReported: Bool
    ) {
        let table = Tool.httpok.options
        let key = table.options.first { $0.longName == String(option.dropFirst(2)) }?.key
        let occurrence = OptionOccurrence(key: key ?? .email, name: option, text: value)
        let warnings = table.unexpanded(in: [occurrence], operands: [])
        #expect(key != nil)
        #expect(warnings.isEmpty != isReported, "\(warnings)")
    }

    @Test(arguments: ["A,B", "A=B", "1A", "a-b", ""])
    func `a variable to pass has a valid name`(name: String) {
        #expect(throws: UsageError.self) { try settings(["--pass-env", name]) }
    }

    @Test func `the shown configuration has no secrets`() throws {
        let settings = try settings(
            [
                "--password", "geheim1", "--webhook", "https://u:geheim2@h.example.org/geheim3",
                "--webhook-header", "X-Key: geheim4", "--slack", "https://s.example.org?geheim5",
                "--heartbeat", "https://hc.example.org/geheim6", "--alertmanager", "http://am/",
                "--server-url", "http://u:geheim7@localhost:9001", "--tls",
            ],
            [
                "SUPERLANCE_EMAIL": "ops@example.org", "SUPERLANCE_SMTP_PASSWORD": "geheim8",
                "SUPERLANCE_FROMEMAIL": "lance@example.org",
            ])
        let text = ShownConfiguration(table: CrashMailOptions.table, settings: settings).text
        #expect(
            text == """
                crashmail
                  --email ops@example.org  (SUPERLANCE_EMAIL)
                  --fromEmail lance@example.org  (SUPERLANCE_FROMEMAIL)
                  --password <redacted>  (command line)
                  --tls  (command line)
                  --webhook https://h.example.org/<redacted>  (command line)
                  --webhook-header X-Key: <redacted>  (command line)
                  --slack https://s.example.org/<redacted>  (command line)
                  --alertmanager http://am  (command line)
                  --server-url http://localhost:9001  (command line)
                  --heartbeat https://hc.example.org/<redacted>  (command line)
                  --sendmail_program /usr/sbin/sendmail -t -i  (default)
                  --any  (default)
                  --log-tail 20  (default)
                  --flood-limit 5/10m  (default)
                  --log-format text  (default)
                  no spool: alerts are kept in memory

                """)
    }
}
