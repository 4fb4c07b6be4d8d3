import Testing

@testable import Listeners

struct NoticeLedgerTests {
    private func result(
        _ health: HealthStatus, _ notices: [CheckNotice] = [], _ url: String = "u"
    ) -> CheckResult {
        CheckResult(
            identity: url, target: url, health: health, processes: [], isPerProcess: false,
            notices: notices)
    }

    @Test func `a limit is reported when it is exceeded and when it is kept again`() {
        var ledger = NoticeLedger()
        let slow = CheckNotice.slow(time: 9, limit: 5)
        let end = CheckNotice.certificate(secondsLeft: 60)
        #expect(ledger.take(result(.healthy, [slow])) == [.exceeded(slow)])
        #expect(ledger.take(result(.healthy, [.slow(time: 7, limit: 5)])).isEmpty)
        #expect(ledger.take(result(.unhealthy("no"))).isEmpty)
        #expect(ledger.take(result(.unknown("x"))).isEmpty)
        #expect(ledger.take(result(.healthy, [end])) == [.exceeded(end), .kept(.slow)])
        #expect(ledger.take(result(.healthy)) == [.kept(.certificate)])
        #expect(ledger.take(result(.healthy)).isEmpty)
    }

    @Test func `sites that differ only in their queries have one notice`() {
        var ledger = NoticeLedger()
        let slow = CheckNotice.slow(time: 9, limit: 5)
        #expect(ledger.take(result(.healthy, [slow], "http://h/?a")) == [.exceeded(slow)])
        #expect(ledger.take(result(.healthy, [slow], "http://h/?b")).isEmpty)
        #expect(ledger.take(result(.healthy, [], "http://h/?a")).isEmpty)
        #expect(ledger.take(result(.healthy, [], "http://h/?b")) == [.kept(.slow)])
    }

    @Test func `what an earlier run has reported is reported only when it is over`() {
        var ledger = NoticeLedger()
        let slow = CheckNotice.slow(time: 9, limit: 5)
        #expect(ledger.take(result(.healthy, [slow])) { $0 == .slow }.isEmpty)
        #expect(ledger.take(result(.healthy)) { _ in true } == [.kept(.slow)])
        #expect(ledger.take(result(.healthy)) { _ in true }.isEmpty)
    }
}
