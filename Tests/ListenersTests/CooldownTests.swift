import Alerting
import EventLoop
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

/// What is told at once, what is counted, and what becomes of the count.
@Suite struct CooldownTests {
    private let loop: PollLoop
    private let directory: TemporaryDirectory

    init() throws {
        loop = try PollLoop()
        directory = try TemporaryDirectory()
    }

    private func incident(_ name: String, _ number: Int) -> Incident {
        Incident(
            .exited, at: Timestamp(seconds: number),
            to: .init(group: "site", name: name), pid: number,
            message: "\(name) \(number)")
    }

    private func run(until holds: () -> Bool) {
        for _ in 0..<500 where !holds() {
            loop.after(.milliseconds(10)) { [loop] in loop.stop() }
            loop.run()
        }
    }

    private func spool() -> Spool {
        Spool(
            directory: directory.path("spool"), listener: "crashmail",
            log: Log(tool: "crashmail", descriptor: .standardError))
    }

    @Test func `The first crash is reported, further ones of the process together later`() {
        var told: [[String]] = []
        let cooldown = Cooldown(.milliseconds(100), loop, nil)
        cooldown.report = { told.append($0.map(\.message)) }
        #expect(!cooldown.counts(incident("web", 1)))
        #expect(cooldown.counts(incident("web", 2)))
        #expect(!cooldown.counts(incident("job", 3)))
        #expect(cooldown.counts(incident("web", 4)))
        #expect(told.isEmpty)
        run { !told.isEmpty }
        #expect(told == [["web 2", "web 4"]])
        // The mail that tells them begins another cooldown.
        #expect(cooldown.counts(incident("web", 5)))
        run { told.count == 2 }
        #expect(told.last == ["web 5"])
    }

    @Test func `A cooldown without crashes ends silently, and the next crash is reported at once`()
    {
        var told = 0
        let cooldown = Cooldown(.milliseconds(20), loop, nil)
        cooldown.report = { _ in told += 1 }
        #expect(!cooldown.counts(incident("web", 1)))
        loop.after(.milliseconds(300)) { [loop] in loop.stop() }
        loop.run()
        #expect(told == 0)
        #expect(!cooldown.counts(incident("web", 2)))
    }

    @Test func `Without a cooldown every crash is reported`() {
        let cooldown = Cooldown(.zero, loop, nil)
        cooldown.report = { _ in Issue.record("nothing was counted") }
        for number in 1...3 { #expect(!cooldown.counts(incident("web", number))) }
    }

    @Test func `Counted crashes are reported at exit`() {
        var told: [[String]] = []
        let cooldown = Cooldown(.seconds(3_600), loop, nil)
        cooldown.report = { told.append($0.map(\.message)) }
        for name in ["web", "job"] {
            for number in 1...3 { _ = cooldown.counts(incident(name, number)) }
        }
        _ = cooldown.counts(incident("once", 1))
        cooldown.finish()
        #expect(told == [["job 2", "job 3"], ["web 2", "web 3"]])
    }

    @Test func `Crashes counted before a kill are reported by the next listener`() throws {
        var spool: Spool? = spool()
        var cooldown: Cooldown? = Cooldown(.seconds(3_600), loop, spool)
        for number in 1...4 { _ = cooldown?.counts(incident("web", number)) }
        cooldown = nil
        spool = nil

        let next = self.spool()
        var told: [[String]] = []
        let heir = Cooldown(.milliseconds(50), loop, next)
        heir.report = { told.append($0.map(\.message)) }
        for key in next.takeOver() {
            #expect(!key.canWait)
            guard case .incident(let incident) = next.content(key) else { continue }
            heir.restore(KeptIncident(incident, next, key))
        }
        run { !told.isEmpty }
        #expect(told == [["web 2", "web 3", "web 4"]])
        #expect(next.takeOver().isEmpty)
        _ = cooldown
    }
}
