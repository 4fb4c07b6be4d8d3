import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// The text of the summary of counted alerts.
@Suite struct FloodSummaryTests {
    private static func repeated(_ name: String, _ state: String, status: Int) -> RepeatedIncident {
        var found = Diagnostics(host: "db1")
        found.state = state
        found.exitStatus = status
        let incident = Incident(
            .exited, at: Timestamp(seconds: 100), to: ProcessName(group: name, name: name),
            pid: 7, message: "line of \(name)", diagnostics: found)
        var repeated = RepeatedIncident(incident)
        repeated.add(incident)
        return repeated
    }

    @Test func `A summary of several has the states below its first line`() {
        let body = FloodSummary(incidents: [
            Self.repeated("web", "restarted, running (pid 9)", status: 1),
            Self.repeated("job", "in BACKOFF, third try", status: 2),
        ]).alert { $0 }.body
        let lines = body.split(separator: "\n")
        #expect(lines.first?.hasPrefix("4 alerts from ") == true)
        #expect(
            lines.dropFirst().first
                == "now: web: restarted, running; job: in BACKOFF, third try")
        #expect(body.contains("\n    now: restarted, running (pid 9)\n    host: db1\n"))
        #expect(body.contains("    exit status: 2"))
    }

    @Test func `A summary of one process has its state and its reason`() {
        let body = FloodSummary(
            incidents: [Self.repeated("web", "in BACKOFF, third try", status: 1)]
        ).alert { $0 }.body
        #expect(body.contains("2 times from"))
        #expect(body.split(separator: "\n").dropFirst().first == "now: in BACKOFF, third try")
        #expect(body.contains("\nexit status: 1"))
    }

    @Test func `A summary without a diagnosis has no state, which may have changed since`() {
        let repeated = Self.repeated("web", "being restarted", status: 1).withoutState
        let body = FloodSummary(incidents: [repeated]).alert { $0 }.body
        #expect(!body.contains("now: "))
        #expect(body.contains("\nexit status: 1"))
    }

    @Test func `The headline of a summary has the count, whatever is counted`() {
        let incident = { (seconds: Int) in
            var incident = Incident(
                .unhealthy, at: Timestamp(seconds: seconds), to: nil, message: "failed",
                diagnostics: Diagnostics(host: "db1"))
            incident.check = Incident.Check(url: "http://shop/")
            incident.reason = "HTTP 500"
            return incident
        }
        var repeated = RepeatedIncident(incident(100))
        repeated.add(incident(400))
        repeated.add(incident(700))
        let alert = FloodSummary(incidents: [repeated]).alert { $0 }
        // While nothing is restarted, a failing check has an alert for each reminder only.
        #expect(alert.body.hasPrefix("The check of http://shop/ failed, alerted 3 times from "))
        #expect(
            Headline(of: alert).text == "[db1] http://shop/ failed: HTTP 500 (3rd time in 10 min)")
    }
}
