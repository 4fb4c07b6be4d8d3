import ListenerProtocol
import Testing

@testable import Listeners

struct CheckResultTests {
    @Test(arguments: [
        HealthStatus.healthy, .unhealthy("status 503\tNo\n"), .unknown("cannot read /x"),
    ])
    func `a result is decoded unchanged`(health: HealthStatus) {
        var result = CheckResult(
            identity: "web=http://h/", target: "http://h/", health: health,
            processes: [ProcessName(group: "a", name: "b"), ProcessName(group: "c", name: "d")],
            isPerProcess: true)
        result.message = "two\nlines"
        result.status = 503
        result.milliseconds = 12
        result.notices = [.slow(time: 5, limit: 3), .certificate(secondsLeft: -7)]
        #expect(CheckResult(fields: result.fields) == result)
        result.notices = []
        #expect(CheckResult(fields: result.fields) == result)
    }

    @Test func `a record that is cut or strange is none`() {
        let fields = CheckResult(
            identity: "u", target: "u", health: .healthy, processes: [], isPerProcess: false
        ).fields
        for count in 0..<11 { #expect(CheckResult(fields: Array(fields.prefix(count))) == nil) }
        for number in ["-1", "1", "9223372036854775807", "x"] {
            #expect(CheckResult(fields: fields.dropLast() + [number]) == nil)
        }
    }

    @Test(arguments: [
        ("https://h/x?token=1", "https://h/x"), ("https://h/x?\u{301}token=1", "https://h/x"),
        ("https://h/x#\u{301}1", "https://h/x"), ("unix:/run/a?b", "unix:/run/a?b"),
    ])
    func `Alerts are grouped by nothing that may be a token`(target: String, label: String) {
        let result = CheckResult(
            identity: target, target: target, health: .healthy, processes: [], isPerProcess: false)
        #expect(result.label.unicodeScalars.elementsEqual(label.unicodeScalars))
    }
}
