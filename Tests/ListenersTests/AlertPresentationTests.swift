import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// What operators set for the contents of all alerts.
@Suite struct AlertPresentationTests {
    private func presentation(
        _ words: [String], _ environment: [String: String] = [:],
        of table: OptionTable = CrashMailOptions.table
    ) throws -> AlertPresentation {
        try Settings(
            table.parse(words), of: table,
            environment: ListenerEnvironment(environment: environment),
            mailer: .sendmail
        ).presentation
    }

    private static func alert(_ kind: Incident.Kind = .exited) -> Alert {
        var found = Diagnostics(host: "shop-1")
        found.uptime = 5
        let incident = Incident(
            kind, at: .now, to: ProcessName(group: "worker pool", name: "ä/1"), message: "it died",
            diagnostics: found)
        return Alert(
            subject: "superlance's", body: "\(incident.text)\n\nend", time: .now,
            incidents: [incident])
    }

    @Test func `By default the subject is superlance's, and the log's command is added`() throws {
        let alert = try presentation([]).applied(to: Self.alert())
        #expect(alert.subject == "superlance's")
        #expect(
            alert.body == """
                it died

                host: shop-1
                uptime: 5 s
                log: supervisorctl tail 'worker pool:ä/1'

                end
                """)
    }

    @Test func `The supervisord is that of the event's header, unless it was asked`() throws {
        for (known, expected) in [(nil, "blue"), ("green", "green")] {
            var incident = Self.alert().incidents[0]
            incident.header = ["server": "blue"]
            incident.diagnostics?.supervisor = known
            let found = try presentation([]).complete(incident)
            #expect(found.diagnostics?.supervisor == expected)
        }
    }

    @Test(
        arguments: [
            (["--subject", "{process} on {host}"], [:], "ä/1 on shop-1"),
            ([], ["SUPERLANCE_SUBJECT": "{process}"], "ä/1"),
            (["--subject", "x"], ["SUPERLANCE_SUBJECT": "{process}"], "x"),
            (["-o", "PROD", "--subject", "x"], [:], "PROD: x"),
            (["-o", "", "--subject", "x"], [:], "x"),
        ] as [([String], [String: String], String)])
    func `The subject is as set, once for all by the environment`(
        words: [String], environment: [String: String], subject: String
    ) throws {
        let alert = try presentation(words, environment).applied(to: Self.alert())
        #expect(alert.subject == subject)
        // A second time, as for an alert that is held, it is the same.
        #expect(try presentation(words, environment).applied(to: alert) == alert)
    }

    @Test func `A text message has a subject only of its own`() throws {
        let environment = ["SUPERLANCE_SUBJECT": "{process}"]
        let words = ["--webhook", "http://localhost/"]
        let table = BatchOptions.table(for: .crashSMS)
        let none = try presentation(words, environment, of: table)
        #expect(none.subject == nil)
        let own = try presentation(words + ["-s", "{process}"], environment, of: table)
        #expect(own.applied(to: Self.alert()).subject == "ä/1")
        let batch = try presentation(words, environment, of: BatchOptions.table(for: .crashMail))
        #expect(batch.applied(to: Self.alert()).subject == "ä/1")
    }

    @Test func `The runbook has percent-encoded values`() throws {
        let words = ["--runbook", "https://wiki.example.org/{group}/{process}?k={kind}#{{x}}"]
        let presentation = try presentation(words)
        let body = presentation.applied(to: Self.alert()).body
        #expect(
            body.contains(
                "\nrunbook: https://wiki.example.org/worker%20pool/%C3%A4%2F1?k=exited#{x}\n"))
        // Nothing has to be done about these.
        #expect(!presentation.applied(to: Self.alert(.test)).body.contains("runbook"))
        #expect(!presentation.applied(to: Self.alert(.recovered)).body.contains("runbook"))
    }

    @Test(arguments: [
        (
            ["--subject", "{hedline}"],
            "--subject: unknown name {hedline}, use {headline} {host} {supervisor} {group} {process} "
                + "{reason} {count} {time}, or {{ for a brace"
        ),
        (["--subject", "{host"], "--subject: a brace is not closed, use {{ for a brace"),
        (
            ["--runbook", "https://x/{host}"],
            "--runbook: unknown name {host}, use {group} {process} {kind}, or {{ for a brace"
        ),
        (
            ["--runbook", "wiki/{process}"],
            "--runbook requires a URL such as https://wiki.example.org/{process}, "
                + "not 'wiki/{process}'"
        ),
        (
            ["--runbook", "https://{process}@/"],
            "--runbook requires a URL such as https://wiki.example.org/{process}, "
                + "not 'https://<redacted>@/'"
        ),
    ])
    func `Invalid values are rejected with what to change`(words: [String], text: String) {
        #expect {
            try presentation(words)
        } throws: {
            "\($0)" == text
        }
    }
}
