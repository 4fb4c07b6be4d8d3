import Alerting
import ListenerProtocol
import System
import Testing

@testable import Listeners

/// Which alerts are sent at once, which are counted, and when summaries are due.
@Suite struct FloodLimitTests {
    /// A limit with a clock of its own.
    private final class Flood {
        var limit: FloodLimit

        init(_ limit: FloodLimit) {
            self.limit = limit
        }

        convenience init(_ count: Int, _ seconds: Int) {
            self.init(FloodLimit(AlertRate(count: count, seconds: seconds)))
        }

        func at(_ seconds: Double) -> Instant {
            Instant(sinceBoot: .seconds(1_000) + .milliseconds(Int(seconds * 1_000)))
        }

        /// Lets a process crash, as a listener does.
        func crash(_ name: String, _ second: Double) -> Bool {
            let incident = Self.incident(name, Int(second))
            let topic = AlertTopic(incident)
            guard limit.admits(topic, at: at(second)) else {
                _ = limit.count(RepeatedIncident(incident), because: .topic, at: at(second))
                return false
            }
            guard admits([topic], second) else {
                _ = limit.count(RepeatedIncident(incident), because: .listener, at: at(second))
                return false
            }
            return true
        }

        func admits(_ topics: Set<AlertTopic>, _ second: Double) -> Bool {
            limit.admitsFromListener(topics, at: at(second))
        }

        func count(_ incident: Incident, _ second: Double) {
            _ = limit.count(RepeatedIncident(incident), because: .topic, at: at(second))
        }

        func restore(_ incidents: RepeatedIncident, _ second: Double) {
            _ = limit.restore(incidents, at: at(second), Timestamp(seconds: 1_000 + Int(second)))
        }

        func takeDue(_ second: Double) -> [FloodLimit.Summary] { limit.takeDue(at: at(second)) }

        func takeAll() -> FloodLimit.Summary { limit.takeAll().first ?? [] }

        func take(_ name: String) -> FloodLimit.Summary { limit.take(Self.topic(name)) }

        /// When the next summary is due, in seconds.
        var next: Double? { limit.next.map { (($0 - at(0)) / .seconds(1)).rounded() } }

        static func topic(_ name: String) -> AlertTopic {
            .process(ProcessName(group: name, name: name))
        }

        static func incident(
            _ name: String, _ second: Int, _ kind: Incident.Kind = .exited
        ) -> Incident {
            Incident(
                kind, at: Timestamp(seconds: 1_000 + second),
                to: ProcessName(group: name, name: name), pid: second,
                message: "\(name) \(second)")
        }
    }

    private func counts(_ summaries: [FloodLimit.Summary]) -> [[String: Int]] {
        summaries.map { summary in
            Dictionary(summary.map { ("\($0.key.topic)", $0.incidents.count) }) { $0 + $1 }
        }
    }

    @Test func `The first alerts are sent at once, further ones are counted`() {
        let limit = Flood(5, 600)
        #expect((0..<20).count { limit.crash("web", Double($0)) } == 5)
        #expect(limit.limit.count == 15)
    }

    @Test func `A summary is due at the end of the period after the first counted incident`() {
        let limit = Flood(2, 600)
        for second in stride(from: 0.0, to: 602, by: 1) {
            _ = limit.crash("web", second)
            #expect(limit.takeDue(second).isEmpty, "\(second)")
        }
        #expect(limit.next == 602)
        #expect(counts(limit.takeDue(602)) == [["web": 600]])
        #expect(limit.next == nil)
        #expect(limit.limit.count == 0)
    }

    @Test func `A summary is due after a fifth of the period without another incident`() {
        let limit = Flood(2, 600)
        for second in 0..<10 { _ = limit.crash("web", Double(second)) }
        #expect(limit.next == 129)
        #expect(limit.takeDue(128.9).isEmpty)
        #expect(counts(limit.takeDue(129)) == [["web": 8]])
    }

    @Test func `A loop that goes on has one summary in each period and no other alerts`() {
        let limit = Flood(2, 600)
        var sent = 0
        var summaries = 0
        for second in 0..<6_000 {
            if limit.crash("web", Double(second)) { sent += 1 }
            summaries += limit.takeDue(Double(second)).count
        }
        #expect(sent == 2)
        #expect(summaries == 9)
    }

    @Test func `After a quiet period alerts are sent at once again`() {
        let limit = Flood(2, 600)
        for second in 0..<10 { _ = limit.crash("web", Double(second)) }
        _ = limit.takeDue(129)
        #expect(!limit.crash("web", 300))
        #expect(limit.next == 900)
        _ = limit.takeDue(900)
        #expect(limit.crash("web", 901))
    }

    @Test(arguments: [(1, 3.5), (1, 6.0), (2, 4.0), (3, 4.0), (5, 2.9)])
    func `A program that often pauses for a fifth of the period has one summary in it, too`(
        _ most: Int, _ pause: Double
    ) {
        let limit = Flood(most, 15)
        var times: [Double] = []
        var (last, summaries) = (0.0, 0)
        for tick in stride(from: 0.0, to: 300, by: 0.1) {
            let due = limit.takeDue(tick).count
            summaries += due
            times += Array(repeating: tick, count: due)
            guard tick >= last else { continue }
            last += pause
            if limit.crash("web", tick) { times.append(tick) }
        }
        #expect(summaries > 0)
        for begin in times {
            #expect(times.count { (begin..<begin + 15).contains($0) } <= most + 1, "\(times)")
        }
    }

    @Test func `What was counted once beside a loop has its alerts after the summary`() {
        let limit = Flood(3, 600)
        // The listener's limit.
        for number in 0..<30 { #expect(limit.crash("web\(number)", 0)) }
        #expect(!limit.crash("db", 1))
        for second in 2..<602 { _ = limit.crash("web0", Double(second)) }
        #expect(limit.next == 601)
        #expect(limit.takeDue(601).first?.count == 2)
        #expect(!limit.crash("web0", 602))
        #expect(limit.crash("db", 602))
    }

    @Test func `A mail that is not sent begins no thread`() {
        let limit = Flood(1, 600)
        var counted = RepeatedIncident(Flood.incident("web", 1))
        let alert = Alert(subject: "web crashed", body: "", time: .now)
        counted.start = ThreadStart(alert)
        _ = limit.limit.count(counted, because: .topic, at: limit.at(1))
        let (none, one) = (limit.limit.forget([]), limit.limit.forget([alert.identity]))
        #expect(none.isEmpty)
        #expect(one.map(\.incidents.start) == [nil])
        #expect(limit.takeAll().first?.incidents.start == nil)
    }

    @Test func `A loop does not hide the alerts about another process`() {
        let limit = Flood(5, 600)
        for number in 0..<1_000 { _ = limit.crash("web", Double(number) / 10) }
        #expect(limit.crash("job", 100))
        #expect(limit.limit.count == 995)
    }

    @Test func `Loops of many processes do not hide the first alert about another one`() {
        let limit = Flood(5, 600)
        for round in 0..<20 {
            for number in 0..<40 { _ = limit.crash("web\(number)", Double(round)) }
        }
        #expect(limit.crash("job", 30))
    }

    @Test func `The listener as a whole sends ten times as many alerts`() {
        let limit = Flood(1, 600)
        #expect((0..<30).count { limit.crash("web\($0)", Double($0)) } == 10)
        let summary = limit.takeDue(800)
        #expect(summary.count == 1)
        #expect(summary.first?.map { "\($0.key.topic)" } == (10..<30).map { "web\($0)" })
        let many = Flood(5, 600)
        let sent = (0..<500).count { many.crash("web\($0 % 20)", Double($0) / 10) }
        #expect(sent == 50)
    }

    @Test func `An alert about many processes is one alert of the listener`() {
        let limit = Flood(1, 600)
        let all = Set((0..<60).map { Flood.topic("web\($0)") })
        #expect(limit.admits(all, 0))
        #expect((0..<9).allSatisfy { limit.crash("job\($0)", 1) })
        #expect(!limit.crash("job9", 1))
    }

    @Test func `A summary has each process and kind with its count and span`() {
        let limit = Flood(1, 600)
        for second in 0..<4 {
            _ = limit.crash("web", Double(second))
            _ = limit.crash("job", Double(second))
        }
        limit.count(Flood.incident("web", 9, .fatal), 9)
        let summary = limit.takeAll()
        #expect(
            summary.map { "\($0.key.topic) \($0.key.kind)" }.sorted() == [
                "job exited", "web exited", "web fatal",
            ])
        let web = summary.first { $0.key.kind == .exited && $0.key.topic == Flood.topic("web") }
        #expect(web?.incidents.count == 3)
        #expect(web?.incidents.first == Timestamp(seconds: 1_001))
        #expect(web?.incidents.latest.message == "web 3")
        #expect(web?.incidents.occurrences.map(\.pid) == [1, 2, 3])
    }

    @Test func `Without a limit everything is sent at once`() {
        let limit = Flood(FloodLimit(nil))
        #expect((0..<10_000).allSatisfy { limit.crash("web", Double($0) / 100) })
        #expect(limit.next == nil)
    }

    @Test func `A cooldown takes the place of the limit for each process`() {
        let limit = Flood(FloodLimit(AlertRate(count: 5, seconds: 600), cooldown: .seconds(30)))
        #expect(limit.crash("web", 0))
        #expect(!limit.crash("web", 1))
        #expect(limit.crash("job", 2))
        #expect(!limit.crash("job", 3))
        #expect(limit.next == 30)
        #expect(counts(limit.takeDue(31)) == [["web": 1]])
        // The summary begins another cooldown.
        #expect(!limit.crash("web", 32))
        #expect(counts(limit.takeDue(32)) == [["job": 1]])
        #expect(counts(limit.takeDue(61)) == [["web": 1]])
        #expect(limit.takeDue(91).isEmpty)
        #expect(limit.crash("web", 92))
    }

    @Test func `A cooldown of zero counts nothing`() {
        let limit = Flood(FloodLimit(AlertRate(count: 5, seconds: 600), cooldown: .zero))
        #expect((0..<20).allSatisfy { limit.crash("web", Double($0)) })
    }

    @Test func `With cooldowns the listener as a whole has its limit`() {
        let limit = Flood(FloodLimit(AlertRate(count: 1, seconds: 600), cooldown: .seconds(30)))
        #expect((0..<30).count { limit.crash("web\($0)", Double($0) / 10) } == 10)
    }

    @Test func `What an earlier run has counted is in the next summary`() {
        for cooldown in [nil, Duration.seconds(30)] {
            let limit = Flood(FloodLimit(AlertRate(count: 5, seconds: 600), cooldown: cooldown))
            var earlier = RepeatedIncident(Flood.incident("web", 1))
            for second in 2...8 { earlier.add(Flood.incident("web", second)) }
            limit.restore(earlier, 0)
            #expect(limit.next == (cooldown == nil ? 120 : 30))
            #expect(counts(limit.takeDue(600)) == [["web": 8]])
        }
    }

    @Test(arguments: [(1.0, 31.0), (21, 31), (31, 31), (100, 100), (0, 30)])
    func `A listener that starts again and again still ends a cooldown`(
        start: Double, due: Double
    ) {
        let limit = Flood(FloodLimit(nil, cooldown: .seconds(30)))
        limit.restore(RepeatedIncident(Flood.incident("web", 1)), start)
        #expect(limit.next == due)
        #expect(!limit.crash("web", start))
    }

    @Test func `What was counted is reported at once if there is no limit any more`() {
        let limit = Flood(FloodLimit(nil))
        limit.restore(RepeatedIncident(Flood.incident("web", 1)), 0)
        #expect(counts(limit.takeDue(0)) == [["web": 1]])
    }

    @Test func `What is counted about one process can be taken alone`() {
        let limit = Flood(1, 600)
        for name in ["web", "job"] { for second in 0..<3 { _ = limit.crash(name, Double(second)) } }
        #expect(counts([limit.take("web")]) == [["web": 2]])
        #expect(limit.take("web").isEmpty)
        #expect(counts([limit.takeAll()]) == [["job": 2]])
    }

    @Test func `Only the latest occurrences are kept, and all are counted`() {
        let limit = Flood(1, 600)
        for second in 0...1_000 { _ = limit.crash("web", Double(second) / 2) }
        let repeated = limit.takeAll().first?.incidents
        #expect(repeated?.count == 1_000)
        #expect(repeated?.occurrences.count == RepeatedIncident.mostOccurrences)
    }

    @Test(arguments: [
        ("5/10m", 5, 600), ("1/1s", 1, 1), ("1000/2d", 1_000, 172_800), ("3/90", 3, 90),
    ])
    func `A rate is a number and a time`(_ text: String, _ count: Int, _ seconds: Int) throws {
        let rate = try AlertRate.parse(OptionValue(name: "--flood-limit", text: text))
        #expect(rate == AlertRate(count: count, seconds: seconds))
    }

    @Test(arguments: ["0", "0/10m"])
    func `A rate of 0 is no limit`(_ text: String) throws {
        #expect(try AlertRate.parse(OptionValue(name: "--flood-limit", text: text)) == nil)
    }

    @Test(arguments: ["", "5", "5/", "/10m", "-1/10m", "1001/10m", "5/10x", "5/10m ", "5/0", "x"])
    func `Anything else is rejected with the place`(_ text: String) {
        #expect(throws: UsageError.self) {
            try AlertRate.parse(OptionValue(name: "--flood-limit", text: text))
        }
    }

    @Test(arguments: [nil, 86_400])
    func `The first alert after a recovery is sent at once`(cooldown: Int?) {
        let rate = AlertRate(count: 2, seconds: 600)
        let flood = Flood(FloodLimit(rate, cooldown: cooldown.map { .seconds($0) }))
        for second in 0..<9 { _ = flood.crash("web", Double(second)) }
        #expect(!flood.crash("web", 10))
        _ = flood.take("web")
        flood.limit.noteRecovery(of: Flood.topic("web"))
        #expect(flood.crash("web", 70))
        // A loop is a loop.
        #expect(!flood.crash("web", 71))
    }

    @Test(arguments: [nil, 86_400])
    func `What goes up and down all the time is reported in summaries`(cooldown: Int?) {
        let rate = AlertRate(count: 2, seconds: 600)
        let flood = Flood(FloodLimit(rate, cooldown: cooldown.map { .seconds($0) }))
        var sent = 0
        for round in 0..<20 {
            let isSent = flood.crash("web", Double(round * 10))
            if isSent { flood.limit.noteRecovery(of: Flood.topic("web")) }
            sent += isSent ? 1 : 0
        }
        #expect(sent == (cooldown == nil ? 4 : 3))
        // The last alert says that it has recovered: that does not wait for the cooldown.
        #expect(counts(flood.takeDue(800)) == [["web": 20 - sent]])
    }

    @Test func `An outage after a recovery is sent although the listener has sent many alerts`() {
        let flood = Flood(1, 600)
        for number in 0..<9 { #expect(flood.crash("p\(number % 5)\(number)", Double(number))) }
        #expect(flood.admits([Flood.topic("p00")], 10))
        #expect(!flood.admits([Flood.topic("p00")], 11))
        flood.limit.noteRecovery(of: Flood.topic("p00"))
        #expect(flood.crash("p00", 12))
    }

    @Test
    func `What goes up and down, or becomes FATAL, does not hide the first alert about others`() {
        let flood = Flood(1, 600)
        for round in 0..<20 {
            for number in 0..<6 {
                let topic = Flood.topic("web\(number)")
                let isWorse = number % 2 == 0
                _ = flood.limit.admitsFromListener(
                    [topic], isWorse: isWorse, at: flood.at(Double(round)))
                if !isWorse { flood.limit.noteRecovery(of: topic) }
            }
        }
        #expect(!flood.admits([Flood.topic("web1")], 30))
        #expect(flood.crash("job", 30))
        #expect(flood.crash("db", 31))
    }

    @Test func `An outage that was counted after a recovery is not sent again after its summary`() {
        let rate = AlertRate(count: 1, seconds: 600)
        let flood = Flood(FloodLimit(rate, cooldown: .seconds(86_400)))
        for second in 0..<2 {
            #expect(flood.crash("web", Double(second)))
            flood.limit.noteRecovery(of: Flood.topic("web"))
        }
        for second in 2..<1_000 {
            #expect(!flood.crash("web", Double(second)), "\(second)")
            #expect(flood.takeDue(Double(second)).isEmpty == (second != 602), "\(second)")
        }
        flood.limit.noteRecovery(of: Flood.topic("web"))
        _ = flood.take("web")
        #expect(flood.crash("web", 1_001))
    }

    @Test func `After a restart an outage after a recovery does not wait for the cooldown either`()
    {
        let limit = FloodLimit(
            AlertRate(count: 1, seconds: 600), cooldown: .seconds(86_400))
        let (earlier, next) = (Flood(limit), Flood(limit))
        for second in 0..<9 {
            if earlier.crash("web", Double(second)) {
                earlier.limit.noteRecovery(of: Flood.topic("web"))
            }
        }
        let counted = earlier.takeAll().map(\.incidents)
        #expect(counted.map(\.waitsForCooldown) == [false])
        counted.forEach { next.restore($0, 10) }
        for second in 10..<100 { #expect(!next.crash("web", Double(second))) }
        #expect(counts(next.takeDue(610)) == [["web": 97]])
        // The outage goes on.
        #expect(!next.crash("web", 611))
        #expect(next.takeDue(1_300).isEmpty)
    }

    @Test(arguments: [nil, 300])
    func `A program that is FATAL after many crashes is reported at once`(cooldown: Int?) {
        let rate = AlertRate(count: 2, seconds: 600)
        let flood = Flood(FloodLimit(rate, cooldown: cooldown.map { .seconds($0) }))
        for second in 0..<9 { _ = flood.crash("web", Double(second)) }
        func isWorse(_ kind: Incident.Kind, _ second: Double) -> Bool {
            flood.limit.admitsWorse(
                Flood.incident("web", Int(second), kind), at: flood.at(second))
        }
        #expect(!isWorse(.exited, 9))
        #expect(isWorse(.fatal, 10))
        // It says nothing new without a crash in between.
        #expect(!isWorse(.fatal, 11))
        // A loop of both has a limit, too.
        #expect(!isWorse(.exited, 12))
        #expect(isWorse(.fatal, 13) == (cooldown == nil))
        #expect(!isWorse(.exited, 14))
        #expect(!isWorse(.fatal, 15))
        #expect(!isWorse(.exited, 609))
        #expect(isWorse(.fatal, 620))
    }

    @Test func `A failed start after many restarts is reported at once`() {
        let flood = Flood(1, 600)
        func isWorse(_ state: String, _ second: Double) -> Bool {
            var incident = Flood.incident("web", Int(second), .memory)
            incident.diagnostics = Diagnostics()
            incident.diagnostics?.state = state
            return flood.limit.admitsWorse(incident, at: flood.at(second))
        }
        #expect(!isWorse("restarted", 1))
        #expect(isWorse("down: start failed, retrying: SPAWN_ERROR", 2))
        #expect(!isWorse("down: start failed, retrying: SPAWN_ERROR", 3))
        // httpok -x
        #expect(!isWorse("running: start failed: ALREADY_STARTED", 4))
        #expect(isWorse("down: start failed: SPAWN_ERROR", 5) == false)
        #expect(!isWorse("started", 700))
        #expect(isWorse("down: start failed: SPAWN_ERROR", 701))
    }

    @Test func `Summaries that are due together are in order of time`() {
        let limit = Flood(FloodLimit(nil, cooldown: .seconds(30)))
        let names = (10..<30).map { "web\($0)" }
        for (second, name) in names.enumerated() {
            _ = limit.crash(name, Double(second) / 10)
            limit.count(Flood.incident(name, 5 + second), 5)
        }
        let due = limit.takeDue(60)
        #expect(due.compactMap { $0.first.map { "\($0.key.topic)" } } == names)
    }

    @Test func `What was counted before a restart of the listener is known to be worse now`() {
        let flood = Flood(1, 600)
        flood.restore(RepeatedIncident(Flood.incident("web", 1)), 1)
        let isWorse = flood.limit.admitsWorse(
            Flood.incident("web", 2, .fatal), at: flood.at(2))
        #expect(isWorse)
    }

    @Test func `Many alerts of the listener do not hold back that a program is FATAL`() {
        let flood = Flood(1, 600)
        for number in 0..<5 {
            #expect(flood.admits([Flood.topic("p\(number)")], Double(number)))
            #expect(flood.admits([Flood.topic("p\(number)")], Double(number)))
        }
        #expect(!flood.admits([Flood.topic("p1")], 10))
        let isAdmitted = flood.limit.admitsFromListener(
            [Flood.topic("p1")], isWorse: true, at: flood.at(11))
        #expect(isAdmitted)
    }
}
