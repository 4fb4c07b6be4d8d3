import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// The reports about one failed check.
@Suite struct SiteFailureTests {
    private func name(_ number: Int) -> ProcessName {
        ProcessName(group: "shop", name: "web_\(number)")
    }

    @Test func `what was done is reported at the end of the listener, and once`() {
        var reports: [SiteReport] = []
        let failure = SiteFailure(
            "site", of: Incident.Check(url: "site"), cause: "", nil, diagnostics: Diagnostics(),
            log: Log(tool: "test", descriptor: Descriptor(rawValue: -1))
        ) {
            reports.append($0)
        } end: {
        }
        let places = (0...2).map { failure.open(for: name($0)) }
        failure.close()
        failure.reportDone()
        #expect(reports.isEmpty)
        failure.fill(places[0], ["web_0 restarted"], .restarted)
        failure.withdraw(places[2], "it is exiting")
        failure.reportDone()
        #expect(reports.map(\.urgency) == [.action])
        #expect(reports[0].incident.message.hasPrefix("web_0 restarted\n"))
        #expect(
            reports[0].incident.diagnostics?.state?.contains("shop:web_1: waiting") == true)
        failure.fill(places[1], ["web_1 restarted"], .restarted)
        #expect(reports.map(\.incident.message).last == "web_1 restarted")
        #expect(reports.count == 2)
    }
}
