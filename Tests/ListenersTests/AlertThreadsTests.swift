import Alerting
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

/// Which mail a summary or a recovery follows up, and for how long.
@Suite struct AlertThreadsTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private let web = AlertTopic.process(ProcessName(group: "web", name: "web"))

    private func alert(
        _ second: Int, _ kind: Incident.Kind = .exited, _ name: String = "web"
    ) -> Alert {
        let time = Timestamp(seconds: 1_000 + second)
        let incident = Incident(
            kind, at: time, to: ProcessName(group: name, name: name), message: "\(name) \(second)")
        return Alert(subject: "\(name) at \(second)", body: "", time: time, incidents: [incident])
    }

    private func spool() -> Spool {
        Spool(
            directory: directory.path("spool"), listener: "crashmail",
            log: Log(tool: "crashmail", descriptor: .standardError))
    }

    private func start(_ threads: AlertThreads, at second: Int) -> String? {
        threads.thread(of: web, at: Timestamp(seconds: 1_000 + second))?.start.subject
    }

    @Test func `A thread begins with the first alert about a process, and counts the others`() {
        let threads = AlertThreads(spool: nil)
        for second in [0, 5, 9] { threads.note(alert(second)) }
        threads.note(alert(7, .exited, "job"))
        let thread = threads.thread(of: web, at: Timestamp(seconds: 1_010))
        #expect(thread?.start.reply == "Re: web at 0")
        #expect(thread?.count == 3)
    }

    @Test func `After an hour without a crash another one begins a new thread`() {
        let threads = AlertThreads(spool: nil)
        threads.note(alert(0))
        threads.note(alert(3_600))
        #expect(start(threads, at: 7_200) == "web at 0")
        threads.note(alert(7_201))
        #expect(start(threads, at: 7_202) == "web at 7201")
    }

    // MARK: Series of failed starts

    private let process = ProcessName(group: "web", name: "web")

    private func series(_ threads: AlertThreads, at second: Int) -> [String] {
        let thread = threads.fatal[process, at: Timestamp(seconds: 1_000 + second)]
        return thread.map { ["\($0.start.reply ?? "")", "\($0.count)"] } ?? []
    }

    @Test func `Crashes neither begin a series of failed starts nor count in it`() {
        let threads = AlertThreads(spool: nil)
        threads.note(alert(0))
        #expect(series(threads, at: 1) == [])
        threads.note(alert(5, .fatal))
        threads.note(alert(6))
        threads.note(alert(9, .fatal))
        #expect(series(threads, at: 10) == ["Re: web at 5", "2"])
        #expect(start(threads, at: 10) == "web at 0")
        threads.end(web)
        #expect(series(threads, at: 10) == [])
    }

    @Test(arguments: [(599, false), (600, true)])
    func `A series ends when the program has been RUNNING for ten minutes`(
        _ seconds: Int, _ isOver: Bool
    ) {
        let threads = AlertThreads(spool: nil)
        threads.note(alert(0, .fatal))
        let begin = Instant.now
        threads.note(process, .processStateRunning, at: begin)
        threads.note(process, .processStateExited, at: begin + .seconds(seconds))
        #expect(series(threads, at: 700).isEmpty == isOver)
        // The next alert is no reply.
        #expect((start(threads, at: 700) == nil) == isOver)
    }

    @Test func `A series ends when somebody stops the program`() {
        let threads = AlertThreads(spool: nil)
        threads.note(alert(0, .fatal))
        threads.note(process, .processStateStopped, at: .now)
        #expect(series(threads, at: 1) == [])
    }

    @Test func `A FATAL program may be started again after hours`() {
        let threads = AlertThreads(spool: nil)
        threads.note(alert(0, .fatal))
        threads.note(alert(40_000, .fatal))
        #expect(start(threads, at: 40_000) == "web at 0")
    }

    @Test func `A thread that waits for a recovery is as long as that takes`() {
        let threads = AlertThreads(spool: nil)
        threads.awaitsRecovery = true
        threads.note(alert(0))
        threads.note(alert(500_000))
        #expect(start(threads, at: 500_000) == "web at 0")
        threads.note(alert(2_000_000))
        #expect(start(threads, at: 2_000_000) == "web at 2000000")
    }

    @Test func `After a digest that is the first mail`() throws {
        let threads = AlertThreads(spool: nil)
        let first = alert(0)
        threads.note(first)
        threads.note(alert(0, .exited, "job"))
        let digest = Alert(subject: "2 alerts", body: "", time: .now)
        threads.move([first.identity], to: ThreadStart(digest))
        #expect(start(threads, at: 1) == "2 alerts")
    }

    @Test func `An alert that is not sent begins no thread`() {
        let threads = AlertThreads(spool: nil)
        let first = alert(0)
        threads.note(first)
        threads.drop([first.identity])
        #expect(start(threads, at: 1) == nil)
    }

    @Test func `What waits for a recovery survives a kill, until it is over`() throws {
        var spool: Spool? = spool()
        var threads: AlertThreads? = AlertThreads(spool: spool)
        threads?.awaitsRecovery = true
        let now = Timestamp.now.seconds - 1_000
        for second in [0, 5] { threads?.note(alert(now + second)) }
        let before = threads?.thread(of: web)
        threads = nil
        spool = nil

        let next = self.spool()
        let heir = AlertThreads(spool: next)
        heir.awaitsRecovery = true
        for key in next.takeOver() {
            #expect(!key.canWait)
            guard case .thread(let thread)? = next.content(key) else { continue }
            heir.restore(thread, key)
        }
        #expect(heir.thread(of: web) == before)
        #expect(heir.thread(of: web)?.count == 2)
        #expect(heir.processes == [ProcessName(group: "web", name: "web")])
        #expect(heir.end(web) != nil)
        #expect(next.takeOver().isEmpty)
        _ = threads
    }

    /// The thread of its mails begins with the crash, and may not be in the spool.
    @Test(arguments: [true, false])
    func `A series of failed starts after a crash survives a kill`(awaitsRecovery: Bool) throws {
        var spool: Spool? = spool()
        var threads: AlertThreads? = AlertThreads(spool: spool)
        threads?.awaitsRecovery = awaitsRecovery
        let now = Timestamp.now.seconds - 1_100
        threads?.note(alert(now))
        for second in [5, 35] { threads?.note(alert(now + second, .fatal)) }
        let process = ProcessName(group: "web", name: "web")
        let before = try #require(threads.flatMap { FatalSeries(of: process, in: $0) })
        #expect(before.attempt == 2)
        threads = nil
        spool = nil

        let next = self.spool()
        let heir = AlertThreads(spool: next)
        heir.awaitsRecovery = awaitsRecovery
        for key in next.takeOver() {
            switch next.content(key) {
            case .thread(let thread)?: heir.restore(thread, key)
            case .series(let thread)?: heir.restore(series: thread, key)
            default: Issue.record("unexpected content")
            }
        }
        let after = try #require(FatalSeries(of: process, in: heir))
        #expect(after.attempt == 2)
        #expect(after.start.identity == before.start.identity)
        // Somebody stops it.
        heir.note(process, .processStateStopped, at: .now)
        #expect(FatalSeries(of: process, in: heir) == nil)
        if !awaitsRecovery { #expect(next.takeOver().isEmpty) }
        _ = threads
    }

    @Test func `What exits long after a restart has ended its series of failed starts`() throws {
        let process = ProcessName(group: "web", name: "web")
        for (name, isOver) in [
            (EventName.processStateExited, true), (.processStateStarting, false),
        ] {
            var fatal = FatalThreads(spool: nil)
            let spool = spool()
            let first = alert(Timestamp.now.seconds - 1_100, .fatal)
            let thread = AlertThread(first.incidents[0], start: ThreadStart(first))
            fatal.restore(thread, try #require(spool.keep(.series(thread))))
            #expect(fatal.note(process, name, at: .now + .seconds(601)) == isOver)
            #expect((fatal[process] == nil) == isOver)
        }
    }

    @Test func `Without --recovered nothing is in the spool`() {
        let spool = spool()
        let threads = AlertThreads(spool: spool)
        threads.note(alert(0))
        #expect(spool.takeOver().isEmpty)
    }
}
