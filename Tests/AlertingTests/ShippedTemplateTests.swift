import Curl
import Foundation
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Alerting

/// The templates in `docs/templates`.
@Suite struct ShippedTemplateTests {
    private static let folder = "\(Document.root)/docs/templates"

    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .sorted()

    /// Text that would break out of whatever it stands in.
    private static let hostile =
        "\"},{\"x\":\"\\\n\t\u{1B}[31m```</pre>{{tool}}<users/all>@everyone\u{202E}\u{2028}" + "ä"

    private static func incident(_ kind: Incident.Kind, isBare: Bool) -> Incident {
        guard !isBare else { return Incident(kind, at: .now, message: hostile) }
        var found = Diagnostics(host: hostile)
        found.state = hostile
        found.signal = hostile
        found.exitStatus = 0
        found.runbook = hostile
        found.logCommand = hostile
        found.logs = [LogExcerpt(hostile, lines: Array(repeating: hostile, count: 100))]
        var incident = Incident(
            kind, at: .now, to: ProcessName(group: hostile, name: hostile), message: hostile,
            diagnostics: found)
        incident.reason = String(repeating: hostile, count: 20)
        return incident
    }

    @Test func `There are templates for the services in the documentation`() {
        #expect(
            Self.names
                == [
                    "dingtalk", "discord", "feishu", "googlechat", "ntfy", "opsgenie", "teams",
                    "telegram", "wecom",
                ].map { "\($0).mustache" })
    }

    @Test(
        arguments: names,
        [
            Incident.Kind.exited, .fatal, .unhealthy, .memory, .gaveUp, .recovered, .other, .test,
        ])
    func `Each renders to JSON, whatever the text`(name: String, kind: Incident.Kind) throws {
        let template = Template(file: "\(Self.folder)/\(name)")
        let document = AlertDocument(origin: Origin(tool: "t", listener: Self.hostile, host: "h"))
        for isBare in [false, true] {
            let incident = Self.incident(kind, isBare: isBare)
            for count in [1, 3] {
                let alert = Alert(
                    subject: Self.hostile, body: incident.text, time: .now,
                    incidents: Array(repeating: incident, count: count))
                let body = try template.render(document.values(alert))
                _ = try JSONSerialization.jsonObject(with: Data(body))
                #expect(!String(decoding: body, as: UTF8.self).contains("\u{1B}"))
            }
        }
    }

    @Test(arguments: names)
    func `Many processes that die together are one message, which names them all`(
        name: String
    ) throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let format = TemplateFormat(
            template: Template(file: "\(Self.folder)/\(name)"), document: document)
        let incidents = (1...9).map { number in
            var found = Diagnostics(host: "h")
            found.state = "restarted, running (pid \(number))"
            found.signal = "terminated by SIGSEGV"
            found.logs = [LogExcerpt("/log", lines: Array(repeating: "words `x`", count: 60))]
            return Incident(
                .exited, at: .now, to: ProcessName(group: "p\(number)", name: "p\(number)"),
                message: "Process p\(number) exited unexpectedly", diagnostics: found)
        }
        let alert = Alert(
            subject: "9 processes crashed", body: incidents.map(\.text).joined(), time: .now,
            incidents: incidents)
        let base = HTTPRequest("http://127.0.0.1/")
        let requests = try format.requests(for: Parcel([alert], from: "t"), by: base)
        #expect(requests.count == 1)
        let body = try #require(requests.first?.request.body)
        _ = try JSONSerialization.jsonObject(with: Data(body))
        let text = String(decoding: body, as: UTF8.self)
        for number in 1...9 {
            #expect(
                text.contains(
                    "p\(number) crashed: SIGSEGV; now: restarted, running (pid \(number))"))
        }
        #expect(!text.contains("words"))
    }

    @Test(arguments: names, [2, 90])
    func `Each has the time of the crash if it is delivered late`(
        name: String, seconds: Int
    ) throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let format = TemplateFormat(
            template: Template(file: "\(Self.folder)/\(name)"), document: document)
        let time = Timestamp(seconds: 1_795_212_120)
        let incident = Incident(
            .exited, at: time, to: ProcessName(group: "web", name: "web"),
            message: "Process web exited unexpectedly", diagnostics: Diagnostics(host: "h"))
        let alert = Alert(
            subject: "web crashed", body: incident.text, time: time, incidents: [incident])
        let sent = Timestamp(seconds: time.seconds + seconds)
        let requests = try format.requests(
            for: Parcel([alert], from: "t", sent: sent), by: HTTPRequest("http://127.0.0.1/"))
        let text = String(decoding: try #require(requests.first).request.body, as: UTF8.self)
        let hasOwn = ["discord.mustache", "teams.mustache"].contains(name)
        #expect(
            text.contains(time.formatted("%Y-%m-%d %H:%M:%S")) == (seconds > 30 && !hasOwn))
        #expect(text.contains(time.rfc3339) == hasOwn)
    }

    @Test func `In Opsgenie a list of several processes is not the alert about the first one`()
        throws
    {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let template = Template(file: "\(Self.folder)/opsgenie.mustache")
        let incidents = (1...3).map { number in
            Incident(
                .exited, at: .now, to: ProcessName(group: "job", name: "\(number)"), message: "m")
        }
        for count in [1, 3] {
            let alert = Alert(
                subject: "s", body: "m", time: .now, incidents: Array(incidents.prefix(count)))
            let body = try template.render(document.values(alert))
            let value = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            #expect(value?["message"] != nil)
            #expect(
                value?["alias"] as? String == (count == 1 ? "h/supervisor/job:1/exited" : nil))
        }
    }

    @Test func `A log is no HTML in Google Chat`() throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        var found = Diagnostics(host: "<i>h")
        found.logs = [LogExcerpt("/log", lines: ["<a href=\"http://evil\">a & b</a>"])]
        let process = ProcessName(group: "<b>", name: "web")
        let incident = Incident(
            .exited, at: .now, to: process, message: "m", diagnostics: found)
        let alert = Alert(subject: "s", body: "m", time: .now, incidents: [incident])
        let body = try Template(file: "\(Self.folder)/googlechat.mustache")
            .render(document.values(alert))
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains("&lt;a href=&quot;http://evil&quot;&gt;a &amp; b&lt;/a&gt;"))
        #expect(text.contains("\"&lt;b&gt;:web\"") && text.contains("\"&lt;i&gt;h\""))
    }

    @Test func `In a digest each object has its own alert's subject`() throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let alerts = ["web", "job"].map { name in
            let process = ProcessName(group: name, name: name)
            let incident = Incident(.exited, at: .now, to: process, message: "m")
            return Alert(
                subject: "\(name) crashed", body: "m", time: .now, incidents: [incident])
        }
        let file = try TemporaryDirectory()
        let source = "[{{#alerts}}\"{{subject}}\"{{^last()}},{{/last()}}{{/alerts}}]"
        let path = try file.write("list.mustache", source)
        let digest = Parcel(alerts, from: "t", at: .now).digest
        let body = try Template(file: path).render(document.values(digest, of: alerts))
        #expect(
            try JSONDecoder().decode([String].self, from: Data(body)) == [
                "web crashed", "job crashed",
            ])
    }

    @Test func `The title for ntfy is the headline`() throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let incident = Incident(
            .exited, at: .now, to: ProcessName(group: "shop", name: "web"), message: "m",
            diagnostics: Diagnostics(host: "h"))
        let alert = Alert(
            subject: "superlance's", body: incident.text, time: .now, incidents: [incident])
        let body = try Template(file: "\(Self.folder)/ntfy.mustache")
            .render(document.values(alert))
        let value = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        #expect(value?["title"] as? String == "[h] shop:web crashed")
    }

    @Test func `Discord's and Opsgenie's limits are kept`() throws {
        let document = AlertDocument(origin: Origin(tool: "t", host: "h"))
        let incident = Self.incident(.exited, isBare: false)
        let alert = Alert(
            subject: "s", body: incident.text, time: .now, incidents: [incident])
        func object(_ name: String) throws -> [String: Any] {
            let body = try Template(file: "\(Self.folder)/\(name).mustache").render(
                document.values(alert))
            let value = try JSONSerialization.jsonObject(with: Data(body))
            return try #require(value as? [String: Any])
        }
        let embeds = try #require(try object("discord")["embeds"] as? [[String: Any]])
        #expect((embeds[0]["title"] as? String ?? "").count <= 256)
        let description = try #require(embeds[0]["description"] as? String)
        #expect(description.count <= 4_096)
        #expect(description.components(separatedBy: "```").count == 3)
        #expect(embeds[0]["color"] as? Int == 0xEF8F00)
        let opsgenie = try object("opsgenie")
        #expect((opsgenie["message"] as? String ?? "").count <= 130)
        #expect(opsgenie["priority"] as? String == "P3")
    }
}
