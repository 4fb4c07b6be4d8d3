import Alerting
import EventLoop
import Foundation
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

/// What is counted is kept, and reported in time.
@Suite struct FloodControlTests {
    private let loop: PollLoop
    private let directory: TemporaryDirectory

    init() throws {
        loop = try PollLoop()
        directory = try TemporaryDirectory()
    }

    private func incident(_ name: String, _ number: Int) -> Incident {
        Incident(
            .exited, at: Timestamp(seconds: number), to: .init(group: "site", name: name),
            pid: number, message: "\(name) \(number)")
    }

    private var log: Log {
        let file = open(directory.path("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        return Log(tool: "crashmail", descriptor: Descriptor(rawValue: file))
    }

    private func spool() -> Spool {
        Spool(directory: directory.path("spool"), listener: "crashmail", log: log)
    }

    private func control(_ limit: FloodLimit, _ spool: Spool? = nil) -> FloodControl {
        FloodControl(limit, loop: loop, spool: spool, log: log)
    }

    private func run(until holds: () -> Bool) {
        for _ in 0..<500 where !holds() {
            loop.after(.milliseconds(10)) { [loop] in loop.stop() }
            loop.run()
        }
    }

    @Test func `What is counted is reported when it is due`() {
        var told: [[Int]] = []
        let control = control(FloodLimit(nil, cooldown: .milliseconds(50)))
        control.report = { incidents, completion in
            told.append(incidents.map(\.count))
            completion()
        }
        #expect((1...4).map { control.admits(incident("web", $0)) } == [true, false, false, false])
        #expect(told.isEmpty)
        run { !told.isEmpty }
        #expect(told == [[3]])
        #expect(
            directory.read("log").contains(
                "alert about site:web counted, not sent, because it is in its cooldown: web 2"))
    }

    @Test(arguments: [
        FloodLimit(AlertRate(count: 1, seconds: 600)), FloodLimit(nil, cooldown: .seconds(600)),
    ])
    func `That restarts do not help is never only counted`(limit: FloodLimit) {
        let control = control(limit)
        let gaveUp = Incident(
            .gaveUp, at: .now, to: .init(group: "site", name: "web"), message: "gave up on web")
        #expect((1...3).map { control.admits(incident("web", $0)) } == [true, false, false])
        for _ in 0..<20 {
            #expect(control.admits(gaveUp))
            #expect(control.admitsFromListener([gaveUp]))
        }
    }

    @Test func `What was counted before a kill is reported by the next listener`() throws {
        var spool: Spool? = spool()
        var first: FloodControl? = control(
            FloodLimit(AlertRate(count: 2, seconds: 3_600)), spool)
        for name in ["web", "job"] {
            for number in 1...10 { _ = first?.admits(incident(name, number)) }
        }
        first = nil
        spool = nil

        let next = self.spool()
        let heir = control(FloodLimit(nil), next)
        var told: [String] = []
        heir.report = { incidents, completion in
            told += incidents.map {
                "\($0.latest.message): \($0.count) from \($0.first.seconds), \($0.occurrences.count)"
            }
            completion()
        }
        for key in next.takeOver() {
            #expect(!key.canWait)
            guard case .counted(let incidents)? = next.content(key) else { continue }
            heir.restore(incidents, key)
        }
        run { told.count == 2 }
        #expect(told.sorted() == ["job 10: 8 from 3, 8", "web 10: 8 from 3, 8"])
        #expect(next.takeOver().isEmpty)
        _ = first
    }

    @Test func `What was counted after a recovery before a kill does not wait for the cooldown`() {
        let limit = FloodLimit(AlertRate(count: 1, seconds: 3_600), cooldown: .seconds(3_600))
        var spool: Spool? = spool()
        var first: FloodControl? = control(limit, spool)
        let isSent = (1...3).map { number in
            defer { first?.noteRecovery(of: AlertTopic(incident("web", number))) }
            return first?.admits(incident("web", number))
        }
        #expect(isSent == [true, true, false])
        first = nil
        spool = nil

        // Summaries of the listener are due at once, cooldowns are not.
        let heir = control(FloodLimit(nil, cooldown: .seconds(3_600)))
        var told: [Int] = []
        heir.report = { incidents, completion in
            told += incidents.map(\.count)
            completion()
        }
        let next = self.spool()
        for key in next.takeOver() {
            guard case .counted(let incidents)? = next.content(key) else { continue }
            heir.restore(incidents, key)
        }
        run { !told.isEmpty }
        #expect(told == [1])
        _ = first
    }

    @Test func `What is counted stays in the spool until its summary is there`() {
        let spool = spool()
        let control = control(FloodLimit(AlertRate(count: 1, seconds: 3_600)), spool)
        var end: (() -> Void)?
        control.report = { end = $1 }
        for number in 1...3 { _ = control.admits(incident("web", number)) }
        #expect(spool.takeOver().count == 1)
        control.finish()
        #expect(spool.takeOver().count == 1)
        end?()
        #expect(spool.takeOver().isEmpty)
    }

    @Test func `Recoveries and test alerts are never counted`() {
        let control = control(FloodLimit(AlertRate(count: 1, seconds: 3_600)))
        for kind in [Incident.Kind.recovered, .test] {
            for _ in 1...3 {
                let incident = Incident(kind, at: .now, message: "anything")
                #expect(control.admits(incident))
                #expect(control.admitsFromListener([incident]))
            }
        }
    }

    @Test func `Processes of one mail are reported together at the end of their cooldown`() {
        var told: [Set<String>] = []
        let control = control(FloodLimit(nil, cooldown: .milliseconds(50)))
        let first = Alert(subject: "3 processes crashed", body: "", time: .now, incidents: [])
        control.startOfThread = { topic in
            topic.description.contains("alone") ? nil : ThreadStart(first)
        }
        control.report = { incidents, completion in
            told.append(Set(incidents.compactMap(\.latest.process?.name)))
            completion()
        }
        for name in ["a", "b", "alone", "c"] {
            for number in 1...2 { _ = control.admits(incident(name, number)) }
        }
        run { told.count > 1 }
        #expect(Set(told) == [["a", "b", "c"], ["alone"]])
        // The same if it is asked for.
        for name in ["a", "b"] { _ = control.admits(incident(name, 3)) }
        var isDone = false
        let topics = ["a", "b", "c"].map { AlertTopic(incident($0, 3)) }
        control.reportNow(topics) { isDone = true }
        #expect(isDone && told.last == ["a", "b"])
    }
}
