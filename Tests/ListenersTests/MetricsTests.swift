// What metrics look like.

import Alerting
import EventLoop
import ListenerProtocol
import Testing

@testable import Listeners

@Suite struct MetricsTests {
    @Test func `labels are escaped, and families without samples are omitted`() {
        var text = MetricsText(labels: [("tool", "memmon")])
        text.add("a_total", .counter, "Help.", [])
        text.add(
            "b", .gauge, "Help.",
            [([("name", "z\\\"\n")], 1.5), ([("name", "y")], 2_000_000_000)])
        #expect(
            text.text == """
                # HELP b Help.
                # TYPE b gauge
                b{tool="memmon",name="y"} 2000000000
                b{tool="memmon",name="z\\\\\\"\\n"} 1.5

                """)
    }

    @Test func `workers' records are counted and measured`() {
        let metrics = Metrics(origin: Origin(tool: "memmon", host: "vm"), channels: ["SMTP"])
        metrics.note(EventName.tick60)
        metrics.note(EventName.tick60)
        metrics.note("SMTP", .delivered, 2)
        metrics.note(
            WorkerRecords(lines: [
                ["memory", "site", "web", "7", "1000", "900", ""],
                ["outcome", "site", "web", "restarted", "", ""],
                ["site", "", "503", "0", "1250"], ["owed", "site", "web"],
            ]))
        let lines = metrics.text.split(separator: "\n")
        for line in [
            #"superlance_events_total{tool="memmon",listener="memmon",event="TICK_60"} 2"#,
            #"superlance_alerts_total{tool="memmon",listener="memmon",channel="SMTP",outcome="delivered"} 2"#,
            #"superlance_alerts_total{tool="memmon",listener="memmon",channel="SMTP",outcome="refused"} 0"#,
            #"superlance_restarts_total{tool="memmon",listener="memmon",group="site",process="web"} 1"#,
            #"superlance_memmon_rss_bytes{tool="memmon",listener="memmon",group="site",process="web"} 1000"#,
            #"superlance_memmon_limit_bytes{tool="memmon",listener="memmon",group="site",process="web"} 900"#,
            #"superlance_httpok_status_code{tool="memmon",listener="memmon"} 503"#,
            #"superlance_httpok_duration_seconds{tool="memmon",listener="memmon"} 1.25"#,
            #"superlance_httpok_up{tool="memmon",listener="memmon"} 0"#,
            #"superlance_outbox_alerts{tool="memmon",listener="memmon"} 0"#,
        ] {
            #expect(lines.contains(Substring(line)), "\(line)")
        }
    }
}
