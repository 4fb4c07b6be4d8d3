import ListenerProtocol
import System
import Testing

@testable import Alerting

/// Subjects that an operator has chosen.
@Suite struct SubjectFormatTests {
    private static let time = Timestamp(seconds: 1_795_212_120, milliseconds: 7)

    private static func incident(_ name: String, status: Int? = 3) -> Incident {
        var found = Diagnostics(host: "shop-1")
        found.exitStatus = status
        found.crashes = CrashCount(5, within: 3_600)
        return Incident(
            .exited, at: time, to: ProcessName(group: "worker", name: name), message: "m",
            diagnostics: found, header: ["server": "blue"])
    }

    private func subject(_ format: String, _ incidents: [Incident]) throws -> String {
        let alert = Alert(subject: "s", body: "b", time: Self.time, incidents: incidents)
        return try SubjectFormat(format).subject(of: alert, on: "other")
    }

    @Test(arguments: [
        ("{headline}", "[shop-1/blue] worker:w1 crashed: exit status 3 (5th time in 1 h)"),
        ("{host} {supervisor} {group} {process}", "shop-1 blue worker w1"),
        ("{reason}, {count}", "exit status 3, 5"), ("100 % {{x}}", "100 % {x}"),
        ("{process}\nBcc: x", "w1 Bcc: x"), ("any\r\ntext", "any\r\ntext"),
    ])
    func `A subject has the values of its incident`(format: String, text: String) throws {
        #expect(try subject(format, [Self.incident("w1")]) == text)
    }

    @Test func `The time is local, without milliseconds`() throws {
        let text = try subject("{time}", [Self.incident("w1")])
        #expect(text == Self.time.formatted("%Y-%m-%d %H:%M:%S"))
        #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/) != nil)
    }

    @Test func `What is unknown has a word of its own`() throws {
        let other = Incident(.other, at: Self.time, message: "something\nhappened")
        #expect(
            try subject("{headline}|{supervisor}|{group}|{process}|{reason}|{count}", [other])
                == "[other] something|supervisor|none|none|reason unknown|1")
    }

    @Test func `A subject about several incidents names each process once`() throws {
        let incidents = ["w1", "w1", "w2", "w3", "w4", "w5"].map { Self.incident($0) }
        #expect(
            try subject("{process}|{group}|{reason}|{count}", incidents)
                == "w1, w2, w3 and 2 more|worker|exit status 3|6")
    }

    @Test func `A subject has limited length`() throws {
        let text = try subject(
            String(repeating: "{process}", count: 1_000), [Self.incident("wwwwwwwwww")])
        #expect(text.utf8.count <= 600)
    }
}
