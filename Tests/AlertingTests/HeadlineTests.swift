import ListenerProtocol
import System
import Testing

@testable import Alerting

/// The line by which every channel begins.
@Suite struct HeadlineTests {
    private static let time = Timestamp(seconds: 1_795_212_120, milliseconds: 7)

    private static func incident(
        _ kind: Incident.Kind = .exited, _ name: String = "worker:worker_01",
        _ fill: (inout Incident, inout Diagnostics) -> Void = { _, _ in }
    ) -> Incident {
        let parts = name.split(separator: ":").map(String.init)
        var found = Diagnostics(host: "shop-1")
        var incident = Incident(
            kind, at: time, to: ProcessName(group: parts[0], name: parts[parts.count - 1]),
            message: "first line\nsecond line", header: ["server": "supervisor"])
        fill(&incident, &found)
        incident.diagnostics = found
        return incident
    }

    @Test func `A headline has the host, the process, what, why and how often`() {
        let incident = Self.incident { _, found in
            found.signal = "terminated by SIGSEGV, according to supervisord's log"
            found.uptime = 6
            found.crashes = CrashCount(5, within: 3_600)
        }
        #expect(
            Headline(of: incident).text
                == "[shop-1] worker:worker_01 crashed: SIGSEGV after 6 s (5th time in 1 h)")
        #expect(
            Headline(of: incident).textWithoutPlace
                == "worker:worker_01 crashed: SIGSEGV after 6 s (5th time in 1 h)")
    }

    @Test func `The identifier is shown unless it is the default`() {
        var incident = Self.incident(.exited, "web")
        #expect(Headline(of: incident).text == "[shop-1] web crashed")
        incident.header["server"] = "blue"
        #expect(Headline(of: incident).text == "[shop-1/blue] web crashed")
        incident.header = [:]
        incident.diagnostics?.supervisor = "green"
        #expect(Headline(of: incident).text == "[shop-1/green] web crashed")
        incident.diagnostics = nil
        #expect(Headline(of: incident, on: "other").text == "[other] web crashed")
    }

    @Test(
        arguments: [
            ("terminated by SIGKILL", nil, nil, nil, "SIGKILL"),
            (
                "terminated by SIGABRT (core dumped), according to supervisord's log", nil, nil, 61,
                "SIGABRT (core dumped) after 1 min 1 s"
            ),
            ("killed by a signal", nil, nil, nil, "killed by a signal"),
            (
                "segmentation fault, according to supervisord's log", nil, nil, 0,
                "segmentation fault after 0 s"
            ),
            (nil, 3, nil, nil, "exit status 3"),
            (nil, 3, nil, 90_061, "exit status 3 after 1 d 1 h"),
            (nil, nil, "can't find command 'web'", nil, "can't find command 'web'"),
            (
                nil, 1, "Exited too quickly (process log may have details)", nil,
                "exited too quickly (exit status 1)"
            ),
            (nil, nil, nil, 5, "after 5 s"), (nil, nil, nil, nil, nil),
        ] as [(String?, Int?, String?, Int?, String?)])
    func `The reason is how the process ended`(
        signal: String?, status: Int?, spawnError: String?, uptime: Int?, reason: String?
    ) {
        let incident = Self.incident { _, found in
            found.signal = signal
            found.exitStatus = status
            found.spawnError = spawnError
            found.uptime = uptime
        }
        #expect(Headline(of: incident).reason == reason)
        // How a process ended is no reason for its memory or its recovery.
        #expect(Headline(of: Self.incident(.memory)).reason == nil)
    }

    @Test(arguments: [
        (
            "has killed 1 process in supervisord's cgroup since 13:00:01",
            "SIGKILL (probably by the OOM killer) after 6 s"
        ),
        ("has killed nothing in supervisord's cgroup since 13:00:01", "SIGKILL after 6 s"),
        ("not known: supervisord's cgroup has no count of it", "SIGKILL after 6 s"),
    ])
    func `The OOM killer is suspected only if it has killed something`(
        words: String, reason: String
    ) {
        let incident = Self.incident { _, found in
            found.signal = "terminated by SIGKILL"
            found.oomKiller = words
            found.uptime = 6
        }
        #expect(Headline(of: incident).reason == reason)
    }

    @Test(
        arguments: [
            (1, 3_600, nil), (2, 3_600, "2nd time in 1 h"), (3, 720, "3rd time in 12 min"),
            (4, 1, "4th time in 1 s"), (11, 60, "11th time in 1 min"),
            (12, 60, "12th time in 1 min"),
            (13, 60, "13th time in 1 min"), (21, 60, "21st time in 1 min"),
            (112, 60, "112th time in 1 min"), (122, 60, "122nd time in 1 min"),
        ] as [(Int, Int, String?)])
    func `The count is an ordinal within a time`(number: Int, period: Int, remark: String?) {
        #expect(CrashCount(number, within: period).remark == remark)
    }

    @Test func `A count that is a minimum is no ordinal`() {
        #expect(
            CrashCount(1_000, within: 3_600, isMinimum: true).remark == "over 1000 times in 1 h")
    }

    @Test(arguments: [
        (Incident.Kind.exited, "crashed"), (.fatal, "failed to start"), (.unhealthy, "failed"),
        (.memory, "exceeded its memory limit"), (.gaveUp, "is no longer restarted"),
        (.recovered, "recovered"), (.other, "first line"), (.test, "first line"),
    ])
    func `Each kind has its predicate`(kind: Incident.Kind, predicate: String) {
        #expect(
            Headline(of: Self.incident(kind)).text == "[shop-1] worker:worker_01 \(predicate)")
        let own = Self.incident(kind) { incident, _ in
            incident.predicate = "restarted"
            incident.reason = "memory 103.4 MB over 60.0 MB"
        }
        #expect(
            Headline(of: own).text
                == "[shop-1] worker:worker_01 restarted: memory 103.4 MB over 60.0 MB")
    }

    @Test func `A check is shown by its URL, and a recovery with its downtime`() {
        var incident = Self.incident(.unhealthy) { incident, _ in
            incident.check = .init(url: "http://localhost:8080/health", name: "shop")
            incident.reason = "connection refused"
        }
        #expect(
            Headline(of: incident).text
                == "[shop-1] http://localhost:8080/health failed: connection refused")
        incident = Self.incident(.recovered) { incident, _ in
            incident.recovery = .init(
                of: .unhealthy, since: Timestamp(seconds: Self.time.seconds - 250))
        }
        #expect(Headline(of: incident).text == "[shop-1] worker:worker_01 recovered after 4 min")
    }

    @Test func `An incident about nothing is its first line`() {
        let incident = Incident(.other, at: Self.time, message: "something\nhappened")
        #expect(Headline(of: incident, on: "shop-1").text == "[shop-1] something")
    }

    @Test func `A headline is one line of limited length without control characters`() {
        let incident = Self.incident { incident, _ in
            incident.reason =
                "a\nb\tc\u{1B}[31m\u{202E}\u{2028}" + String(repeating: "ä", count: 900)
        }
        let text = Headline(of: incident).text
        #expect(text.hasPrefix("[shop-1] worker:worker_01 crashed: a b c [31m\\u{202E} ää"))
        #expect(text.utf8.count <= Headline.limit && text.hasSuffix("…"))
    }

    @Test func `The reason that several have in common is in their headline`() {
        func headline(_ signals: [String], _ kind: Incident.Kind = .exited) -> String {
            let incidents = signals.enumerated().map { number, signal in
                Self.incident(kind, "p\(number)") { _, found in
                    found.signal = "terminated by \(signal)"
                    found.uptime = number
                }
            }
            let alert = Alert(subject: nil, body: "", time: .now, incidents: incidents)
            return Headline(of: alert).text
        }
        #expect(headline(["SIGKILL", "SIGKILL"]) == "[shop-1] p0 and p1 crashed: SIGKILL")
        #expect(headline(["SIGKILL", "SIGSEGV"]) == "[shop-1] p0 and p1 crashed")
        // How a process ended is no reason for its memory.
        #expect(!headline(["SIGKILL", "SIGKILL"], .memory).contains("SIGKILL"))
    }

    @Test func `Several incidents of one kind are one line, and others are listed`() {
        func headline(_ incidents: Incident...) -> String {
            Headline(
                of: Alert(subject: "s", body: "b", time: Self.time, incidents: incidents)
            ).text
        }
        let crash = Self.incident(.exited, "web")
        #expect(headline(crash) == "[shop-1] web crashed")
        #expect(headline(crash, crash) == "[shop-1] web crashed (2 times)")
        #expect(
            headline(crash, Self.incident(.exited, "job")) == "[shop-1] web and job crashed")
        #expect(
            headline(crash, Self.incident(.fatal, "job")) == "[shop-1] 2 alerts: web and job")
        let five = ["a", "b", "c", "d", "e"].map { Self.incident(.exited, $0) }
        #expect(
            Headline(of: Alert(subject: "s", body: "b", time: Self.time, incidents: five)).text
                == "[shop-1] a, b, c and 2 more crashed")
        #expect(
            headline(crash, Incident(.other, at: Self.time, message: "x"))
                == "[shop-1] 2 alerts: web")
    }

    @Test func `The state stands below the first line of the text`() {
        let incident = Self.incident { _, found in found.state = "restarted, running (pid 4711)" }
        #expect(
            incident.text == """
                first line
                now: restarted, running (pid 4711)
                second line

                host: shop-1
                """)
    }

    @Test func `The key is the same from the first alert until the recovery`() {
        let first = Self.incident { _, found in found.uptime = 5 }
        let second = Self.incident { _, found in found.signal = "terminated by SIGKILL" }
        let over = Self.incident(.recovered) { incident, _ in
            incident.recovery = .init(of: .exited, since: Self.time, isForPeople: true)
        }
        #expect(first.key() == "shop-1/supervisor/worker:worker_01/exited")
        #expect(second.key() == first.key())
        #expect(over.key() == first.key())
        #expect(Self.incident(.fatal).key() != first.key())
        #expect(Self.incident(.exited, "web").key() != first.key())
        var elsewhere = first
        elsewhere.header["server"] = "blue"
        #expect(elsewhere.key() != first.key())
    }

    @Test func `A key of a check has its URL, its name and its topic`() {
        var incident = Self.incident(.unhealthy) { incident, _ in
            incident.check = .init(url: "http://localhost/", name: "shop")
        }
        #expect(incident.key() == "shop-1/supervisor/http://localhost//shop/unhealthy")
        incident.notice = "slow"
        #expect(incident.key() == "shop-1/supervisor/http://localhost//shop/unhealthy-slow")
    }

    @Test func `A long key is bounded, and still tells apart`() {
        func key(_ end: String) -> String {
            Self.incident(.exited, String(repeating: "ä", count: 300) + end).key()
        }
        #expect(key("1").utf8.count <= 255)
        #expect(key("1") != key("2"))
        #expect(key("1") == key("1"))
    }

    @Test func `What the headline needs survives the spool`() {
        let incident = Self.incident { incident, found in
            incident.predicate = "restarted"
            incident.reason = "why"
            incident.notice = "slow"
            incident.recovery = .init(of: .fatal, since: Self.time, isForPeople: true)
            found.crashes = CrashCount(3, within: 60, isMinimum: true)
            found.state = "running"
        }
        let alert = Alert(
            subject: "s", body: "a \(incident.text) b", time: Self.time, incidents: [incident])
        #expect(Alert(records: alert.records) == alert)
    }
}
