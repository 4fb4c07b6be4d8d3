// What web services are sent.

import Curl
import Foundation
import ListenerProtocol
import System
import Testing
import Text

@testable import Alerting

@Suite struct WebFormatTests {
    private static let origin = Origin(tool: "crashmail", listener: "crash", host: "vm")
    private static let time = Timestamp(seconds: 1_795_212_120, milliseconds: 7)

    private static func incident(_ message: String, _ kind: Incident.Kind = .exited) -> Incident {
        var found = Diagnostics(host: "vm")
        found.exitStatus = 3
        found.uptime = 61
        found.logs = [
            LogExcerpt("/var/log/web.log", lines: ["one <two> & `three`", "say \"no\"\\"])
        ]
        return Incident(
            kind, at: time,
            to: ProcessName(group: "site", name: "web"), pid: 11, fromState: "RUNNING",
            message: message, diagnostics: found,
            header: ["server": "supervisor", "serial": "21"])
    }

    private static func alert(_ incidents: [Incident], subject: String = "a & b") -> Alert {
        Alert(
            subject: subject, body: incidents.map(\.text).joined(separator: "\n"), time: time,
            incidents: incidents, identity: Alert.Identity(seconds: 1_795_212_120, number: 255),
            predecessor: nil)
    }

    private func requests(_ format: some WebFormat, _ alerts: [Alert]) throws -> [WebRequest] {
        try format.requests(
            for: Parcel(alerts, from: "crashmail"), by: HTTPRequest("http://example.org/"))
    }

    private func body(_ format: some WebFormat, _ alert: Alert) throws -> [UInt8]? {
        try requests(format, [alert]).first?.request.body
    }

    private func json(_ document: AlertDocument, _ alerts: Alert...) -> JSONValue {
        document.json(Parcel(alerts, from: "crashmail"))
    }

    private func object(_ bytes: [UInt8]?) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(bytes ?? [])) as? [String: Any])
    }

    @Test func `JSON escapes quotes, backslashes and control characters, and nothing else`() {
        let text = "\"\\\n\r\t\u{01}\u{1B}\u{7F}ä\u{2028}\u{1F600}"
        #expect(
            JSONValue.object([("a\"", .array([.string(text), .integer(-1), .null]))]).text
                == #"{"a\"":["\"\\\n\r\t\u0001\u001b"# + "\u{7F}ä\u{2028}\u{1F600}"
                + #"",-1,null]}"#)
    }

    @Test func `an alert with one incident is one object`() {
        let document = AlertDocument(origin: Self.origin)
        #expect(
            json(document, Self.alert([Self.incident("it crashed")])).text == """
                {"version":1,"id":"1795212120.ff","tool":"crashmail","listener":"crash",\
                "kind":"exited",\
                "headline":"[vm] site:web crashed: exit status 3 after 1 min 1 s",\
                "severity":"warning","incident_key":"vm/supervisor/site:web/exited",\
                "time":"2026-11-20T22:02:00.007Z","host":"vm",\
                "supervisor":"supervisor","process":{"name":"web","group":"site","pid":11,\
                "from_state":"RUNNING","exit_status":3,"signal":null,"spawn_error":null,\
                "uptime":61},"state":null,"subject":"a & b","message":"it crashed",\
                "detail":"host: vm\\nexit status: 3\\nuptime: 1 min 1 s",\
                "log_file":"/var/log/web.log",\
                "log_tail":"one <two> & `three`\\nsay \\"no\\"\\\\",\
                "logs":[{"file":"/var/log/web.log",\
                "tail":"one <two> & `three`\\nsay \\"no\\"\\\\","note":null}],\
                "log_command":null,"runbook":null,\
                "event":{"serial":"21","server":"supervisor"},\
                "is_exited":true,"is_fatal":false,"is_unhealthy":false,"is_memory":false,\
                "is_recovered":false,"is_test":false}
                """)
    }

    @Test func `an alert with several incidents is an array`() throws {
        let document = AlertDocument(origin: Self.origin)
        let bytes = json(document, Self.alert([Self.incident("1"), Self.incident("2")])).bytes
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
        #expect(list.map { $0["message"] as? String } == ["1", "2"])
    }

    @Test func `a digest has the incidents of all its alerts`() {
        let digest = Digest.of(
            [Self.alert([Self.incident("1")]), Alert(subject: "2", body: "", time: .now)],
            from: "crashmail")
        #expect(digest.incidents.map(\.message) == ["1", "2"])
        #expect(digest.incidents.map(\.kind) == [.exited, .other])
    }

    @Test(arguments: [
        ("{\"a\": \"{{process.name}}\"}", TemplateCapacity.one),
        ("{\"a\": \"{{text}}\"}", .text(3_900)),
        ("{\"a\": \"{{ short }} {{text}}\"}", .text(1_900)),
        ("{{# alerts }}{{message}}{{/ alerts }}", .all), ("{{{ text }}}", .text(3_900)),
        ("{{& text}}", .text(3_900)),
        ("{{#overview}}{{overview}}{{/overview}}", .overview(3_900)),
        ("{{#html}}{{overview}}{{short}}{{/html}}", .text(1_900)), ("", .one), ("{{", .one),
        ("{ {text}}", .one),
    ])
    func `a template's tags determine how many alerts it can contain`(
        source: String, capacity: TemplateCapacity
    ) {
        #expect(TemplateCapacity(of: source) == capacity)
    }

    @Test func `a digest is rendered as often as required to contain all alerts`() {
        let document = AlertDocument(origin: Self.origin)
        let parcel = Parcel(
            (1...5).map { Self.alert([Self.incident("crash \($0)")]) }, from: "crashmail")
        for capacity in [TemplateCapacity.one, .overview(700)] {
            let single = capacity.division(of: parcel, in: document)
            #expect(single.map(\.places) == (0..<5).map { $0..<($0 + 1) })
            #expect(
                single.map { $0.alert.incidents.map(\.message) } == (1...5).map { ["crash \($0)"] })
        }
        let whole = TemplateCapacity.all.division(of: parcel, in: document)
        #expect(whole.map(\.places) == [0..<5])
        let texts = TemplateCapacity.text(700).division(of: parcel, in: document)
        #expect(texts.map(\.places).joined().sorted() == Array(0..<5))
        #expect(texts.count > 1 && texts.count < 5)
        #expect(texts.allSatisfy { document.text($0.alert).utf8.count <= 700 })
    }

    @Test func `many incidents that do not fit are listed`() {
        let document = AlertDocument(origin: Self.origin)
        let alerts = [
            Self.alert((1...30).map { Self.incident("crash \($0)") }),
            Self.alert([Self.incident("crash 31")]),
        ]
        let parcel = Parcel(alerts, from: "crashmail")
        for capacity in [TemplateCapacity.text(1_900), .overview(1_500)] {
            let lists = capacity.division(of: parcel, in: document)
            #expect((2...3).contains(lists.count))
            #expect(lists.flatMap(\.alert.incidents) == alerts.flatMap(\.incidents))
            #expect(lists.flatMap { Array($0.places) } == Array(0..<31))
            for list in lists {
                #expect(list.alert.body.split(separator: "\n").count == list.alert.incidents.count)
                #expect(document.text(list.alert).utf8.count <= 1_900)
            }
        }
        let few = Parcel([Self.alert((1...6).map { Self.incident("\($0)") })], from: "crashmail")
        let whole = TemplateCapacity.text(3_900).division(of: few, in: document)
        #expect(whole.map(\.alert.body) == few.alerts.map(\.body))
    }

    @Test func `an alert with several incidents is split if the template cannot contain them`() {
        let document = AlertDocument(origin: Self.origin)
        let batch = Self.alert((1...6).map { Self.incident("crash \($0)") })
        let parts = TemplateCapacity.one.division(
            of: Parcel([batch], from: "crashmailbatch"), in: document)
        #expect(parts.map { $0.alert.incidents.map(\.message) } == (1...6).map { ["crash \($0)"] })
        #expect(parts.map(\.places) == (0..<6).map { $0..<($0 + 1) })
    }

    @Test func `a resolution for Alertmanager has the labels of its alert`() throws {
        let format = AlertmanagerFormat(origin: Self.origin)
        // Long after the crash: it could not be sent before.
        let now = Timestamp(seconds: Self.time.seconds + 86_399, milliseconds: 5)
        func alert(_ incident: Incident) throws -> [String: Any] {
            let body = Data(try #require(format.body(of: Self.alert([incident]), at: now)))
            let list = try #require(
                try JSONSerialization.jsonObject(with: body) as? [[String: Any]])
            return try #require(list.first)
        }
        let firing = try alert(Self.incident("it crashed"))
        var again = Incident(
            .memory, at: Self.time, to: Self.incident("").process, message: "too large again")
        again.since = Timestamp(seconds: 1_795_212_000)
        #expect(try alert(again)["startsAt"] as? String == "2026-11-20T22:00:00.000Z")
        var incident = Incident(
            .recovered, at: Timestamp(seconds: 1_795_212_200), to: Self.incident("").process,
            message: "over", header: ["server": "supervisor"])
        #expect(format.body(of: Self.alert([incident]), at: Self.time) == nil)
        incident.recovery = Incident.Recovery(of: .exited, since: Self.time)
        let over = try alert(incident)
        let labels = [
            "alertname": "ProcessCrashed", "severity": "warning", "host": "vm",
            "supervisor": "supervisor", "listener": "crash", "group": "site", "process": "web",
        ]
        #expect(firing["labels"] as? [String: String] == labels)
        #expect(over["labels"] as? [String: String] == labels)
        #expect(firing["startsAt"] as? String == "2026-11-20T22:02:00.007Z")
        #expect(firing["endsAt"] as? String == "2026-11-21T22:09:59.005Z")
        #expect(over["startsAt"] as? String == "2026-11-20T22:02:00.007Z")
        #expect(over["endsAt"] as? String == "2026-11-20T22:03:20.000Z")
    }

    @Test func `of two alerts with the same labels, Alertmanager gets the later one`() throws {
        let format = AlertmanagerFormat(origin: Self.origin)
        let alert = Self.alert([
            Self.incident("1"), Self.incident("2", .fatal), Self.incident("3"),
        ])
        let body = Data(try #require(format.body(of: alert, at: Self.time)))
        let list = try #require(try JSONSerialization.jsonObject(with: body) as? [[String: Any]])
        let summaries = list.map { ($0["annotations"] as? [String: String])?["summary"] }
        #expect(
            summaries == [
                "[vm] site:web crashed: exit status 3 after 1 min 1 s",
                "[vm] site:web failed to start: exit status 3 after 1 min 1 s",
            ])
    }

    @Test(arguments: [
        (Incident.Kind.exited, 86_400), (.memory, 86_400), (.fatal, 604_800),
        (.unhealthy, 604_800), (.gaveUp, 604_800),
    ])
    func `an expired alert is not sent to Alertmanager`(
        kind: Incident.Kind, age: Int
    ) {
        let format = AlertmanagerFormat(origin: Self.origin)
        let alert = Self.alert([Self.incident("x", kind)])
        func body(_ age: Int) -> [UInt8]? {
            format.body(of: alert, at: Timestamp(seconds: Self.time.seconds + age))
        }
        #expect(body(age - 1) != nil)
        #expect(body(age) == nil)
    }

    @Test func `a check is labeled with its URL and its name`() throws {
        let format = AlertmanagerFormat(origin: Self.origin)
        var incident = Incident(
            .unhealthy, at: Self.time, to: ProcessName(group: "site", name: "web"), message: "x\ny")
        incident.check = .init(url: "http://localhost:8080/health", name: "shop")
        let body = String(
            decoding: try #require(format.body(of: Self.alert([incident]), at: Self.time)),
            as: UTF8.self)
        #expect(
            body.contains(#""url":"http:\/\/localhost:8080\/health","check":"shop""#)
                || body.contains(#""url":"http://localhost:8080/health","check":"shop""#))
        #expect(body.contains("[vm] http://localhost:8080/health failed"))
        #expect(body.contains(#""process":"web""#))
        let content = SpoolContent.active(incident)
        #expect(SpoolContent(content.bytes) == content)
    }

    @Test(arguments: [
        Incident.Kind.exited, .fatal, .unhealthy, .memory, .gaveUp, .recovered, .other, .test,
    ])
    func `a summary is one line without timestamps`(kind: Incident.Kind) {
        var incident = Self.incident("it crashed\nat 2026-11-20 22:01:43,673", kind)
        for recovery in [nil, Incident.Recovery(of: kind, since: Self.time)] {
            incident.recovery = recovery
            #expect(!incident.summary.isEmpty)
            #expect(incident.summary.firstMatch(of: /\n|\d\d:\d\d/) == nil)
            #expect(!incident.summary.contains("over: "))
        }
    }

    @Test(arguments: [
        (#"{"errcode":0,"errmsg":"ok"}"#, ServiceAnswer.taken),
        (#"{"errcode": 310000, "errmsg":"x"}"#, .declined),
        (#"{"StatusCode":0,"code":0}"#, .taken),
        (#"{"code":19021,"msg":"sign match fail"}"#, .declined),
        (#"{"code":200}"#, .taken), ("ok", .taken), ("", .taken),
        (#"{"errcode":130101,"errmsg":"send too fast"}"#, .limited(pause: .seconds(60))),
        (#"{"errcode":45009,"errmsg":"api freq out of limit"}"#, .limited(pause: .seconds(60))),
        (#"{"code":9499,"msg":"too many request"}"#, .limited(pause: .seconds(60))),
        (#"{"code":11232,"msg":"frequency limited"}"#, .limited(pause: .seconds(60))),
        (
            #"{"ok":false,"error_code":429,"parameters":{"retry_after":35}}"#,
            .limited(pause: .seconds(36))
        ),
        (#"{"retry_after": 0.65, "global": false}"#, .limited(pause: .seconds(1))),
        (#"{"retry_after": -5}"#, .limited(pause: .seconds(1))),
        (#"{"retry_after": 99999999999999999999}"#, .limited(pause: .seconds(86_401))),
        (#"{"errcode":99999999999999999999999999999}"#, .declined),
        (#"{"errcode":"310000"}"#, .declined), (#"{"errcode":"0"}"#, .taken),
        (#"{"errcode":"130101"}"#, .limited(pause: .seconds(60))),
        (#"{"code":"ok"}"#, .taken),
    ])
    func `a response with status 200 can report an error or a pause`(
        body: String, answer: ServiceAnswer
    ) {
        let format = TemplateFormat(
            template: Template(file: ""),
            document: AlertDocument(origin: Self.origin))
        #expect(format.meaning(of: Array(body.utf8)) == answer)
    }

    @Test func `a combining character after a bracket does not prevent escaping for Slack`() throws
    {
        let format = SlackFormat(channel: nil, origin: Self.origin)
        let words = "<\u{338}!channel>\u{338} &\u{301} *\u{301}"
        var incident = Self.incident("x")
        incident.reason = words
        let body = try object(body(format, Self.alert([incident])))
        let text = try #require(body["text"] as? String)
        let title =
            "*[vm] site:web crashed: &lt;\u{338}!channel&gt;\u{338} &amp;\u{301} \u{301}*"
        #expect(text.unicodeScalars.starts(with: title.unicodeScalars))
    }

    @Test func `Alertmanager gets different labels for names that only look the same`() throws {
        let incidents = ["caf\u{E9}", "cafe\u{301}"].map { name in
            Incident(
                .fatal, at: Self.time, to: ProcessName(group: "g", name: name), message: "x")
        }
        let body = AlertmanagerFormat(origin: Self.origin)
            .body(of: Self.alert(incidents), at: Self.time)
        let list = try JSONSerialization.jsonObject(with: Data(body ?? [])) as? [[String: Any]]
        #expect(list?.count == 2)
    }

    @Test(arguments: [(10, "123456789"), (9, "123456789"), (8, "12345…"), (7, "1234…"), (3, "…")])
    func `a long text is truncated`(limit: Int, result: String) {
        #expect("123456789".cut(to: limit) == result)
        #expect("ääää".cut(to: 6) == "ä…")
    }

    @Test func `the spool stores the header of an event and the recovery`() throws {
        var incident = Self.incident("it crashed")
        incident.recovery = Incident.Recovery(of: .fatal, since: Self.time)
        let alert = Self.alert([incident])
        let content = SpoolContent.alert(
            SpooledAlert(alert, remaining: ["webhook https://x": ["https://x"]]))
        #expect(SpoolContent(content.bytes) == content)
    }
}
