import Foundation
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Alerting

/// The HTML part of mails.
@Suite struct HTMLPageTests {
    private static let time = Timestamp(seconds: 1_795_212_120)

    private static func incident(
        _ name: String = "web", _ fill: (inout Diagnostics) -> Void = { _ in }
    ) -> Incident {
        var found = Diagnostics(host: "shop-1")
        found.exitStatus = 3
        found.state = "restarted, running (pid 12)"
        found.runbook = "https://wiki.example.org/?a=b&c=\"d\""
        found.logs = [
            LogExcerpt("/var/log/<web>.log", lines: ["<script>alert(1)</script>", "a & b"])
        ]
        fill(&found)
        return Incident(
            .exited, at: time, to: ProcessName(group: "site", name: name), pid: 7,
            message: "it <crashed>", diagnostics: found)
    }

    private func page(_ incidents: [Incident], body: String? = nil) -> String {
        let body = body ?? incidents.map(\.text).joined(separator: "\n\n")
        return HTMLPage(
            alert: Alert(subject: "s", body: body, time: Self.time, incidents: incidents)
        ).text
    }

    @Test func `A page has the headline, the state, a table and the log, all escaped`() {
        let page = page([Self.incident()])
        #expect(page.contains(">[shop-1] site:web crashed: exit status 3</h1>"))
        #expect(page.contains("<strong>now: restarted, running (pid 12)</strong>"))
        #expect(page.contains(">it &lt;crashed&gt;</p>"))
        #expect(page.contains(">exit status</th><td"))
        #expect(
            page.contains(
                "<a href=\"https://wiki.example.org/?a=b&amp;c=&quot;d&quot;\">"))
        #expect(page.contains("last 2 lines of /var/log/&lt;web&gt;.log:</h2>"))
        #expect(page.contains(">&lt;script&gt;alert(1)&lt;/script&gt;\na &amp; b</pre>"))
        #expect(page.contains(">warning, "))
    }

    @Test func `Nothing is loaded, and no script is run`() {
        let page = page([Self.incident()]).lowercased()
        for word in ["<img", "<script", "<link", "@import", "url(", "<style"] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func `A chart has bars beside its numbers, and its forecast`() {
        let chart = """
            memory over the last 3 ticks, limit 60.0 MB:
              13:00:01    20.0 MB ##########
              13:01:01    40.0 MB ####################
              13:02:01    80.0 MB ######################################## over
            at this rate the limit in about 3 h
            """
        let page = page([Self.incident { $0.sections = [chart, "used by 1 process:\n   1 x"] }])
        #expect(page.contains("13:02:01 80.0 MB</td>"))
        #expect(page.contains("width:240px"))
        #expect(page.contains("width:60px"))
        #expect(page.contains("> over</td>"))
        #expect(page.contains("at this rate the limit in about 3 h</p>"))
        #expect(page.contains(">used by 1 process:\n   1 x</pre>"))
    }

    @Test func `Several incidents are listed, and what is said beside them is kept`() {
        let incidents = [Self.incident(), Self.incident("job")]
        let block = "site:web (pid 7)\n    host: shop-1\n    exit status: 3"
        let page = page(
            incidents, body: "it <crashed>\nit <crashed>\n\n\(block)\n\n2 events were <dropped>")
        #expect(page.contains(">[shop-1] site:web and site:job crashed: exit status 3</h1>"))
        #expect(page.contains("site:web crashed: exit status 3</li>"))
        #expect(page.contains("site:job crashed: exit status 3</h2>"))
        #expect(page.components(separatedBy: "2 events were &lt;dropped&gt;").count == 2)
        #expect(!page.contains("site:web (pid 7)"))
        #expect(page.components(separatedBy: "it &lt;crashed&gt;").count == 3)
    }

    @Test func `The states of all processes are above the list, once`() {
        let incidents = [Self.incident(), Self.incident("job")]
        let state = "now: site:web, site:job: restarted, running"
        let bodies = [
            BatchBody.of(incidents), MassCrash.body(incidents),
            "2 alerts were counted:\n\(state)\n\nit <crashed>\nit <crashed>",
        ]
        for body in bodies {
            let page = page(incidents, body: body)
            let parts = page.components(separatedBy: state)
            #expect(parts.count == 2, "\(page)")
            #expect(parts[0].hasSuffix("<strong>") && !parts[0].contains("<ol"))
        }
        #expect(!page(incidents, body: "2 alerts:\n\nnow: x").contains("<strong>now: x"))
    }

    @Test func `A mail has the text and the same as HTML`() throws {
        let sender = try MailAddress.list("ops@example.org")
        let alert = Alert(
            subject: "s", body: "text ä\n--=_\n", time: Self.time, incidents: [Self.incident()])
        for lineEnding in [MessageLineEnding.lineFeed, .carriageReturnLineFeed] {
            let bytes = Envelope(sender: sender[0], recipients: sender, hasHTML: true).mail(
                alert, lineEnding: lineEnding)
            let mail = try #require(try Mail.parse([bytes]).first)
            #expect(mail.defects.isEmpty)
            #expect(mail.contentType == "multipart/alternative")
            #expect(mail.alternatives == ["text/plain", "text/html"])
            #expect(mail.body.contains("text ä"))
            #expect(mail["Content-Transfer-Encoding"] == nil)
        }
        let plain = Envelope(sender: sender[0], recipients: sender).mail(
            alert, lineEnding: .lineFeed)
        #expect(try Mail.parse([plain]).first?.contentType == "text/plain")
    }

    @Test func `A text message has no HTML`() throws {
        let sender = try MailAddress.list("ops@example.org")
        let alert = Alert(subject: nil, body: "b", time: Self.time, incidents: [Self.incident()])
        let bytes = Envelope(sender: sender[0], recipients: sender, hasHTML: true).mail(
            alert, lineEnding: .lineFeed)
        #expect(try Mail.parse([bytes]).first?.contentType == "text/plain")
    }
}
