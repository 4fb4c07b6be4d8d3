import ListenerProtocol
import System
import Testing

@testable import Alerting

/// What a file in the spool holds, and what becomes of one that is not whole.
@Suite struct SpoolContentTests {
    private static let oddTexts = [
        "", " ", "\n", "\n\n", "\t", "\\", "\\n", "a\tb\\tc\nd\\", "end", "end\n",
        "superlance-spool\t1\n", "incident", "body\tx", "owed\tmail\ta@example.org",
        "\u{0}\u{1B}[31m",
        "\r\n", "网站 💥 e\u{301}", "\u{FEFF}x", String(repeating: "long ", count: 20_000),
    ]

    @Test(arguments: oddTexts)
    func `Any alert is decoded unchanged`(_ text: String) throws {
        let alert = Alert(
            subject: text, body: text, time: Timestamp(seconds: 1_700_000_000, milliseconds: 7),
            date: Timestamp(seconds: 1_700_000_060, milliseconds: 8),
            incidents: [incident(text, .exited), incident(text, .fatal)],
            predecessor: Alert(subject: nil, body: "", time: .now).identity)
        let content = SpoolContent.alert(
            SpooledAlert(
                alert, remaining: ["mail": ["a@example.org", text], "text\tmessage": [text]],
                finished: ["mail": [text]], age: SpoolAge(boot: text, begin: 7, before: 9)))
        #expect(SpoolContent(content.bytes) == content)
        guard case .alert(let spooled) = content else { return }
        let held = SpoolContent.held(spooled)
        #expect(SpoolContent(held.bytes) == held)
    }

    @Test(arguments: oddTexts)
    func `Any incident is decoded unchanged`(_ text: String) throws {
        for kind in [Incident.Kind.exited, .fatal, .unhealthy, .memory, .recovered, .test] {
            let content = SpoolContent.incident(incident(text, kind))
            #expect(SpoolContent(content.bytes) == content)
        }
    }

    @Test(arguments: oddTexts)
    func `Counted incidents and threads are decoded unchanged`(_ text: String) throws {
        let alert = Alert(subject: text, body: text, time: Timestamp(seconds: 1_700_000_000))
        var counted = RepeatedIncident(incident(text, .exited))
        counted.add(incident(text, .exited))
        counted.start = ThreadStart(alert)
        var inSummary = counted
        inSummary.waitsForCooldown = false
        var thread = AlertThread(incident(text, .fatal), start: ThreadStart(alert))
        thread.add(2, until: incident(text, .exited))
        thread.latest = Timestamp(seconds: 1_700_000_060, milliseconds: 8)
        for content in [
            SpoolContent.counted(counted), .counted(inSummary), .thread(thread), .series(thread),
        ] {
            #expect(SpoolContent(content.bytes) == content)
        }
    }

    @Test func `A text message has no subject and may have no remaining recipients`() throws {
        let alert = Alert(subject: nil, body: "text", time: Timestamp(seconds: -1))
        let content = SpoolContent.alert(SpooledAlert(alert, remaining: [:]))
        #expect(SpoolContent(content.bytes) == content)
    }

    @Test func `A file truncated at any byte is rejected`() throws {
        let alert = Alert(
            subject: "web crashed", body: "first\nend\nlast",
            time: Timestamp(seconds: 1_700_000_000),
            incidents: [incident("web", .exited)])
        for content in [
            SpoolContent.alert(SpooledAlert(alert, remaining: ["mail": ["a@example.org"]])),
            .incident(incident("web", .exited)),
        ] {
            let bytes = content.bytes
            // A power cut may leave zeros where a file's end should be.
            let isWhole = bytes.indices.filter { length in
                let torn = Array(bytes.prefix(length))
                let zeros = [UInt8](repeating: 0, count: bytes.count - length)
                return SpoolContent(torn) != nil || SpoolContent(torn + zeros) != nil
            }
            #expect(isWhole.isEmpty)
        }
    }

    @Test(arguments: [
        "", "\n", "end\n", "superlance-spool\t1\nend\n", "superlance-spool\t2\nend\n",
    ])
    func `A malformed file is rejected`(_ text: String) throws {
        #expect(SpoolContent(Array(text.utf8)) == nil)
    }

    @Test func `Each text is stored exactly once`() throws {
        let tail = String(repeating: "a line of the log\n", count: 2_000)
        var incidents = [incident("web", .exited), incident("job", .fatal)]
        for index in incidents.indices {
            incidents[index].diagnostics?.logs = [LogExcerpt("web.log", lines: [tail])]
        }
        for body in [
            incidents.map(\.text).joined(separator: "\n\n"),
            "first:\n\(incidents[0].text)\nthen:\n\(incidents[1].text)\nthat is all",
            incidents.map(\.message).joined(separator: "\n"),
        ] {
            let alert = Alert(subject: "s", body: body, time: .now, incidents: incidents)
            let content = SpoolContent.alert(SpooledAlert(alert, remaining: ["mail": ["a"]]))
            #expect(SpoolContent(content.bytes) == content)
            #expect(content.bytes.count < 2 * tail.utf8.count + 10_000)
        }
    }

    @Test func `A file is readable by people`() throws {
        let alert = Alert(
            subject: "web crashed", body: "one\ntwo", time: Timestamp(seconds: 7, milliseconds: 5),
            incidents: [], identity: Alert.Identity(seconds: 7, number: 99), predecessor: nil)
        let bytes = SpoolContent.alert(SpooledAlert(alert, remaining: ["mail": ["a@example.org"]]))
            .bytes
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                superlance-spool\t1
                owed\tmail\ta@example.org
                time\t7\t5
                identity\t7\t99
                body\tone\\ntwo
                subject\tweb crashed
                end

                """)
    }

    private func incident(_ text: String, _ kind: Incident.Kind) -> Incident {
        var diagnostics = Diagnostics(host: text)
        diagnostics.supervisor = text
        diagnostics.exitStatus = 3
        diagnostics.signal = text
        diagnostics.state = text
        diagnostics.oomKiller = text
        diagnostics.uptime = 90_061
        diagnostics.deaths = text
        diagnostics.spawnError = text
        diagnostics.logs = [
            LogExcerpt(text, lines: [text, "", text], note: "note"),
            LogExcerpt(text, lines: [""]), LogExcerpt(text, refusal: "refusal"),
        ]
        diagnostics.sections = [text, text]
        var incident = Incident(
            kind, at: Timestamp(seconds: 1_700_000_000, milliseconds: 999),
            to: ProcessName(group: text, name: text), pid: 12, fromState: "RUNNING",
            message: text, diagnostics: diagnostics)
        incident.since = Timestamp(seconds: 1_600_000_000, milliseconds: 7)
        return incident
    }
}

/// What somebody else may have put into the spool.
@Suite struct ForeignSpoolFileTests {
    @Test(arguments: [
        "-9223372036854775808\t930", "9223372036854775807\t0", "1\t9223372036854775807", "1\t-1",
        "253402300800\t0",
    ])
    func `a time out of range is rejected`(fields: String) {
        let text =
            "superlance-spool\t1\nowed\tsendmail\ta\ntime\t\(fields)\n"
            + "identity\t1\t2\nbody\tb\nend\n"
        #expect(SpoolContent(Array(text.utf8)) == nil)
        let good = text.replacing(fields, with: "1\t2")
        #expect(SpoolContent(Array(good.utf8)) != nil)
    }

    @Test(arguments: ["9223372036854775807\t0", "1\t9223372036854775807", "1\t-1"])
    func `a time out of range is rejected in counts and threads, too`(fields: String) {
        let rest = "start\t1\t2\tx\nincident\texited\tmessage\t1\t2\nend\n"
        for kind in ["repeated", "thread"] {
            let text = "superlance-spool\t1\n\(kind)\t2\t\(fields)\n\(rest)"
            #expect(SpoolContent(Array(text.utf8)) == nil)
            let good = text.replacing(fields, with: "1\t2")
            #expect(SpoolContent(Array(good.utf8)) != nil)
        }
    }
}
