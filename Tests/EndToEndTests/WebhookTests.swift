import Foundation
import TestSupport
import Testing

/// Alerts to webhooks on test servers.
@Suite struct WebhookTests {
    private func object(_ request: HTTPSite.Request) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(request.body.utf8))
        return try #require(value as? [String: Any])
    }

    @Test func `A crash is posted as JSON, with the fields of the header`() throws {
        let site = try HTTPSite()
        let running = try RunningTool.ready(
            .crashmail,
            [
                "--webhook", "\(site.url)hooks/geheim", "--webhook-header", "X-Key: geheim2",
                "--webhook-header", "X-Other:yes",
            ])
        try running.handle(.exited("web", group: "site", pid: 11))
        try site.waitForRequests(1)
        let request = try site.requests()[0]
        #expect(request.method == "POST")
        #expect(request.path == "/hooks/geheim")
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(request.headers["X-Key"] == "geheim2")
        #expect(request.headers["X-Other"] == "yes")
        let alert = try object(request)
        #expect(alert["version"] as? Int == 1)
        #expect(alert["tool"] as? String == "crashmail")
        #expect(alert["listener"] as? String == "crashmail")
        #expect(alert["kind"] as? String == "exited")
        #expect(
            alert["message"] as? String
                == "Process web in group site exited unexpectedly (pid 11) from state RUNNING")
        let process = try #require(alert["process"] as? [String: Any])
        #expect(process["name"] as? String == "web")
        #expect(process["group"] as? String == "site")
        #expect(process["pid"] as? Int == 11)
        #expect(process["from_state"] as? String == "RUNNING")
        let event = try #require(alert["event"] as? [String: String])
        #expect(event["eventname"] == "PROCESS_STATE_EXITED")
        #expect(event["serial"] == "1")
        let ending = try running.finishSilently()
        #expect(ending == .exited(0))
        #expect(!running.standardError.contains("geheim"))
    }

    @Test func `A webhook that is configured twice is used once`() throws {
        let site = try HTTPSite()
        let running = try RunningTool.ready(
            .crashmail, ["--webhook", site.url, "--webhook", site.url])
        #expect(
            running.standardError.contains(
                "crashmail: warning: ignoring a repetition of webhook http://"))
        try running.handle(.exited("web"))
        try running.waitForError("crashmail: delivered by webhook")
        #expect(try running.finishSilently() == .exited(0))
        #expect(try site.requests().count == 1)
    }

    @Test func `A body that breaks off after a successful status is a delivery`() throws {
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(body: "ok", headers: ["Content-Length": "100"]))
        let running = try RunningTool.ready(.crashmail, ["--webhook", site.url])
        try running.handle(.exited("web"))
        try running.waitForError("crashmail: delivered by webhook")
        #expect(try running.finishSilently() == .exited(0))
        #expect(try site.requests().count == 1)
    }

    /// What services answer to a wrong key or chat in the URL or in the template.
    @Test(arguments: [
        (400, "Bad Request: chat not found"), (422, "Key format is not valid!"),
    ])
    func `A request that a service rejects is retried, until another one is accepted`(
        status: Int, words: String
    ) throws {
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: status, body: words))
        let running = try RunningTool.ready(.crashmail, ["--webhook", site.url])
        try running.handle(.exited("web"))
        try running.waitForError("\(words); check the address and the service")
        #expect(!running.standardError.contains("dropping"))
        try site.behave(HTTPSite.Behaviour())
        try running.handle(.exited("next"))
        try site.waitForRequests(3)
        #expect(try site.requests()[2].body.contains("web"))
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test(arguments: [Tool.crashmailbatch, .fatalmailbatch, .crashsms])
    func `A batch is posted as an array, and needs no recipients`(tool: Tool) throws {
        let site = try HTTPSite()
        let running = try RunningTool.ready(tool, ["-i", "0", "--webhook", site.url])
        try running.handle(tool.occasion("web"))
        try running.handle(tool.occasion("job"))
        try running.handle(.tick(60))
        try site.waitForRequests(1)
        let body = try site.requests()[0].body
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
        #expect(
            list.map { ($0["process"] as? [String: Any])?["name"] as? String } == ["web", "job"])
    }

    @Test(arguments: [
        (["--webhook"], 400, ["a1", "poison", "b2"]), (["--webhook"], 500, ["a1", "b2", "poison"]),
        (["--alertmanager"], 400, ["poison", "a1", "b2"]),
    ])
    func `An incident that a service rejects delays no other of its alert, and repeats none`(
        channel: [String], status: Int, names: [String]
    ) throws {
        let site = try HTTPSite()
        try site.behave(
            HTTPSite.Behaviour(bodies: ["poison": HTTPSite.Behaviour(status: status)]))
        let folder = try TemporaryDirectory()
        let template = try folder.write("t", #"{"one":"{{#process}}{{name}}{{/process}}"}"#)
        let running = try RunningTool.ready(
            .crashmailbatch,
            ["-i", "0", "--spool", folder.path("spool")] + channel + [site.url]
                + (channel == ["--webhook"] ? ["--webhook-template", template] : []))
        for name in names { try running.handle(.exited(name)) }
        try running.handle(.tick(60))
        let bodies = { try site.requests().map(\.body) }
        if status == 400 {
            try running.waitForError("dropping an alert of ")
        } else {
            try eventually("a second attempt") {
                try bodies().count { $0.contains("poison") } > 1
            }
        }
        try eventually("the other incidents") {
            try ["a1", "b2"].allSatisfy { name in
                try bodies().count { $0.contains(name) && !$0.contains("poison") } == 1
            }
        }
        #expect(running.standardError.components(separatedBy: "dropping").count < 3)
    }

    @Test func `A server that is busy is asked again when it says so, and delays nobody`() throws {
        let busy = try HTTPSite()
        let other = try HTTPSite()
        try busy.behave(HTTPSite.Behaviour(status: 429, headers: ["Retry-After": "9"]))
        let running = try RunningTool.ready(
            .crashmail, ["--webhook", "\(busy.url)geheim", "--webhook", other.url])
        try running.handle(.exited("web"))
        try running.waitForError(
            "not delivered (1 waiting, retrying in 9 s): http://127.0.0.1:\(busy.port) returned 429"
        )
        try other.waitForRequests(1)
        try busy.behave(HTTPSite.Behaviour())
        try busy.waitForRequests(2)
        #expect(try other.requests().count == 1)
        #expect(!running.standardError.contains("geheim"))
    }

    @Test func `A hook that is gone or rejects every alert is waited for`() throws {
        let site = try HTTPSite()
        try site.behave(
            HTTPSite.Behaviour(status: 404, reason: "Not Found", body: "no hook geheim123\n"))
        let running = try RunningTool.ready(.crashmail, ["--webhook", "\(site.url)geheim123"])
        try running.handle(.exited("web"))
        try running.waitForError(
            ": http://127.0.0.1:\(site.port) returned 404 Not Found: no hook <redacted>; "
                + "check the address\n")
        #expect(!running.standardError.contains("dropping an alert"))
        try site.behave(
            HTTPSite.Behaviour(status: 400, reason: "Bad Request", body: "no text\n"))
        try running.waitForError("returned 400 Bad Request: no text; check the address")
        #expect(!running.standardError.contains("dropping an alert"))
        #expect(!running.standardError.contains("geheim"))
        #expect(try site.requests().count == 2)
    }

    @Test func `A digest through a template is a request for each of its alerts`() throws {
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: 503))
        let directory = try TemporaryDirectory()
        let template = try directory.write(
            "x.mustache", #"{"pid": {{#process}}{{pid}}{{/process}}{{^process}}0{{/process}}}"#)
        let running = try RunningTool.ready(
            .crashmail,
            ["--webhook", site.url, "--webhook-template", template, "--flood-limit", "0"])
        try running.handle(.exited("web", pid: 1))
        try running.waitForError("returned 503")
        for pid in 2...6 { try running.handle(.exited("web", pid: pid)) }
        try site.behave(HTTPSite.Behaviour())
        try site.waitForRequests(7)
        let pids = try site.requests().dropFirst().map { try object($0)["pid"] as? Int }
        #expect(pids == [1, 2, 3, 4, 5, 6])
        try running.waitForError("delivered 6 alerts by webhook http://127.0.0.1:\(site.port)\n")
    }

    @Test func `A service that says 200 and that it is too much is asked again`() throws {
        let site = try HTTPSite()
        try site.behave(
            HTTPSite.Behaviour(body: #"{"ok":false,"parameters":{"retry_after":8}}"#))
        let running = try RunningTool.ready(
            .crashmail,
            [
                "--webhook", site.url, "--webhook-template",
                "\(Document.root)/docs/templates/telegram.mustache",
            ])
        try running.handle(.exited("web"))
        try running.waitForError("not delivered (1 waiting, retrying in 9 s): ")
        #expect(!running.standardError.contains("dropping an alert"))
    }

    @Test func `A certificate is believed if its authority is`() throws {
        let site = try HTTPSite(tls: true)
        let authority = try #require(site.certificate?.authority)
        let running = try RunningTool.ready(
            .crashmail, ["--webhook", site.url, "--cacert", authority])
        try running.handle(.exited("web"))
        try site.waitForRequests(1)
    }

    @Test func `Slack gets a message`() throws {
        let site = try HTTPSite()
        let running = try RunningTool.ready(
            .crashmail, ["--slack", site.url, "--slack-channel", "#ops"])
        try running.handle(.exited("web"))
        try site.waitForRequests(1)
        let message = try object(try site.requests()[0])
        #expect(message["channel"] as? String == "#ops")
        let text = try #require(message["text"] as? String)
        #expect(text.contains("] web crashed*\n"))
        #expect(text.contains("\nProcess web in group web exited unexpectedly (pid 2766)"))
        let blocks = try #require(message["blocks"] as? [[String: Any]])
        #expect(blocks.first?["type"] as? String == "header")
    }

    @Test func `What a webhook has not got stays in the spool for the next run`() throws {
        let site = try HTTPSite()
        try site.stop()
        let directory = try TemporaryDirectory()
        let arguments = ["--webhook", site.url, "--spool", directory.path]
        let first = try RunningTool.ready(.crashmail, arguments)
        try first.handle(.exited("web"))
        try first.waitForError("not delivered")
        #expect(try first.finishSilently() == .exited(0))
        try site.start()
        let second = try RunningTool.ready(.crashmail, arguments)
        try site.waitForRequests(1)
        let alert = try object(try site.requests()[0])
        #expect(alert["kind"] as? String == "exited")
        #expect((alert["event"] as? [String: String])?["serial"] == "1")
        #expect(try second.finishSilently() == .exited(0))
    }

    // MARK: Templates

    /// The requirements of each service according to its documentation, and its size limit.
    private static let services: [(name: String, path: [String], fixed: [String: String], Int)] = [
        ("dingtalk", ["text", "content"], ["msgtype": "text"], 20_000),
        ("wecom", ["text", "content"], ["msgtype": "text"], 2_048),
        ("feishu", ["content", "text"], ["msg_type": "text"], 20_000),
        ("telegram", ["text"], ["chat_id": "-1000000000000"], 4_096),
        ("ntfy", ["message"], ["topic": "superlance"], 4_096),
    ]

    @Test(arguments: services.indices)
    func `A template makes what its service requires of whatever is told`(index: Int) throws {
        let (name, path, fixed, limit) = Self.services[index]
        let site = try HTTPSite()
        let running = try RunningTool.ready(
            .crashmail,
            [
                "--webhook", site.url, "--webhook-template",
                "\(Document.root)/docs/templates/\(name).mustache", "--runbook",
                "https://wiki.example.org/" + String(repeating: "x", count: 5_000),
            ])
        try running.handle(.exited("web"))
        try site.waitForRequests(1)
        var value: Any = try object(try site.requests()[0])
        for (key, text) in fixed { #expect((value as? [String: Any])?[key] as? String == text) }
        for key in path { value = try #require((value as? [String: Any])?[key]) }
        let text = try #require(value as? String)
        #expect(text.contains("] web crashed\n\nProcess web in group web exited unexpectedly"))
        #expect(text.hasSuffix("…") && text.utf8.count <= limit)
    }

    @Test(arguments: [
        ("{{#x}}", "does not parse"), ("{\"a\": {{text}}}", "does not render to JSON"),
        ("{\"a\": \"{{{text}}}\"}", "does not render to JSON"),
    ])
    func `A template that is wrong ends the tool at its start`(text: String, words: String) throws {
        let directory = try TemporaryDirectory()
        let template = try directory.write("x.mustache", text)
        let process = try RunningTool.byHand(
            .crashmail, ["--webhook", "http://127.0.0.1:1/", "--webhook-template", template])
        #expect(try process.waitForExit() == .exited(64))
        #expect(process.standardError.contains("--webhook-template: the template \(template): "))
        #expect(process.standardError.contains(words))
    }
}
