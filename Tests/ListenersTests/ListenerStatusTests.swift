import Testing

@testable import Listeners

@Suite struct ListenerStatusTests {
    private func status(_ lines: String) -> ListenerStatus? {
        ListenerStatus.all(MetricsReading.parse(lines), now: 1_000).first
    }

    @Test(arguments: ["NaN", "Inf", "-Inf", "1e300", "-1e300", "9223372036854775808", "-0", "0.5"])
    func `A file may contain any number`(_ number: String) throws {
        let names = [
            "last_event_timestamp_seconds", "outbox_alerts", "restarts_total", "gave_up",
            "last_success_timestamp_seconds", "memmon_rss_bytes", "memmon_limit_bytes",
        ]
        let lines = names.map { #"superlance_\#($0){tool="memmon",listener="m"} \#(number)"# }
        let found = try #require(status(lines.joined(separator: "\n")))
        #expect(found.silence ?? 0 >= 0)
        #expect(found.details.allSatisfy { !$0.isEmpty } && found.waiting >= .min)
    }

    @Test func `An accent at the start of a name hides no quote, no brace and no space`() throws {
        let reading = try #require(
            MetricsReading.parse("x{a=\"\u{301}b\",c=\"\\\"\u{301}\\n\"} 7\n").first)
        #expect(reading.name == "x" && reading.count == 7)
        #expect(
            reading.labels["a"]?.unicodeScalars.elementsEqual("\u{301}b".unicodeScalars) == true)
        #expect(
            reading.labels["c"]?.unicodeScalars.elementsEqual("\"\u{301}\n".unicodeScalars) == true)
    }
}
