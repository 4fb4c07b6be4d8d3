// What is omitted from an alert that is too large.

import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting
@testable import Listeners

@Suite struct BrevityTests {
    private func incident(_ number: Int) -> Incident {
        var diagnostics = Diagnostics(host: "db1")
        diagnostics.exitStatus = 3
        diagnostics.state = "restarted, running (pid 9)"
        diagnostics.logs = [
            LogExcerpt("/log/\(number)", lines: (0..<20).map { "\u{1B}[31mline \($0)" }),
            LogExcerpt("/log/\(number).out", refusal: "permission denied"),
        ]
        diagnostics.sections = ["a chart\n\nof two paragraphs"]
        return Incident(
            .exited, at: Timestamp(seconds: 1_795_267_800 + number),
            to: ProcessName(group: "shop", name: "web_\(number)"), pid: number,
            message: "message \(number) of web_\(number)", diagnostics: diagnostics)
    }

    enum Form: CaseIterable { case texts, batch, massCrash, summary }

    private func body(_ incidents: [Incident], _ form: Form) -> String {
        switch form {
        case .texts: incidents.map(\.text).joined(separator: "\n\n")
        case .batch: BatchBody.of(incidents)
        case .massCrash: MassCrash.body(incidents)
        case .summary:
            FloodSummary(incidents: incidents.map { RepeatedIncident($0) }).alert { $0 }.body
        }
    }

    @Test(arguments: Form.allCases)
    func `the ends of logs are omitted first, whatever the form of the alert`(_ form: Form) {
        let incidents = (1...7).map(incident)
        let body = body(incidents, form)
        let alert = Alert(
            subject: "crash", body: body, time: incidents[0].time, incidents: incidents)
        let brief = Brevity.withoutLogs.applied(to: alert)
        #expect(brief.size < alert.size / 2)
        for number in 1...7 { #expect(brief.body.contains("web_\(number)")) }
        #expect(brief.body.components(separatedBy: "exit status: 3").count == 8)
        for word in ["line 1", "/log/", "a chart", "paragraphs"] {
            #expect(!brief.body.contains(word), "\(brief.body)")
        }
        #expect(
            brief.body.hasSuffix(
                "(omitted, since the whole alert is too large to be delivered: the ends of logs)"))
    }
}
