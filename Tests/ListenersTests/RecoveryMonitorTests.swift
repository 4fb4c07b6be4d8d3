import Alerting
import EventLoop
import Foundation
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

/// When a process that was told of counts as well again.
///
/// The stabilityPeriod is a tenth of a second here.
@Suite struct RecoveryWatchTests {
    private final class Stage {
        let loop: PollLoop
        let directory: TemporaryDirectory
        var posted: [Alert] = []
        let threads = AlertThreads(spool: nil)
        private(set) var watch: RecoveryMonitor?

        init() throws {
            loop = try PollLoop()
            directory = try TemporaryDirectory()
            let file = open(directory.path("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            let log = Log(tool: "crashmail", descriptor: Descriptor(rawValue: file))
            watch = RecoveryMonitor(
                loop, log, threads: threads, stabilityPeriod: .milliseconds(100),
                gathering: .milliseconds(50)
            ) { [unowned self] in posted.append($0) }
        }

        func note(
            _ state: String, _ name: String = "web", from: String, _ extra: String = ""
        ) throws {
            let payload = "processname:\(name) groupname:site from_state:\(from) \(extra)"
            let header = try EventHeader(
                "ver:3.0 eventname:PROCESS_STATE_\(state) len:\(payload.utf8.count)")
            let event = Event(header: header, payload: Array(payload.utf8))
            guard case .processState(let change) = try event.content() else { return }
            watch?.note(change, event.name)
        }

        func crash() throws { try note("EXITED", from: "RUNNING", "expected:0 pid:7") }

        func report() -> Alert {
            let process = ProcessName(group: "site", name: "web")
            let incident = Incident(.exited, at: .now, to: process, message: "crashed")
            let alert = Alert(
                subject: "HOST: web crashed", body: "", time: .now, incidents: [incident])
            threads.note(alert)
            return alert
        }

        func run(_ milliseconds: Int) {
            loop.after(.milliseconds(milliseconds)) { [loop] in loop.stop() }
            loop.run()
        }

        /// Runs until something was posted, or for long.
        func runUntilPosted() {
            for _ in 0..<300 where posted.isEmpty { run(20) }
        }

        var log: String { directory.read("log") }
    }

    @Test
    func `A process RUNNING for the stability period has recovered, in the alert's thread`()
        throws
    {
        let stage = try Stage()
        try stage.crash()
        let first = stage.report()
        _ = stage.report()
        stage.run(300)
        #expect(stage.posted.isEmpty)
        try stage.note("STARTING", from: "EXITED", "tries:0")
        try stage.note("RUNNING", from: "STARTING", "pid:8")
        stage.runUntilPosted()
        #expect(stage.posted.count == 1)
        let mail = try #require(stage.posted.first)
        #expect(mail.subject == "Re: HOST: web crashed")
        #expect(mail.body.hasPrefix("Process site:web has been RUNNING for a minute\n\nhost: "))
        #expect(mail.body.contains(#/\ndowntime: [01] s, from /#))
        #expect(mail.body.hasSuffix("\ncrashes: 2"))
        #expect(mail.predecessor == first.identity)
        #expect(mail.incidents.map(\.kind) == [.recovered])
        stage.run(300)
        #expect(stage.posted.count == 1)
    }

    @Test func `the downtime of a loop is the time in which the process was down`() throws {
        let stage = try Stage()
        for _ in 0..<2 {
            try stage.crash()
            _ = stage.report()
            try stage.note("RUNNING", from: "STARTING", "pid:8")
            // It runs for a while, but not long enough.
            try stage.note("STARTING", from: "EXITED", "tries:0")
            stage.run(1_100)
        }
        try stage.note("RUNNING", from: "STARTING", "pid:8")
        stage.runUntilPosted()
        let body = try #require(stage.posted.first).body
        #expect(body.contains("\ndowntime: 0 s in total, from "), "\(body)")
        #expect(body.hasSuffix("\ncrashes: 2"))
    }

    @Test func `FATAL is a failed start, not another crash`() {
        let process = ProcessName(group: "site", name: "web")
        let time = Timestamp(seconds: 40)
        func incident(_ kind: Incident.Kind) -> Incident {
            Incident(kind, at: time, to: process, message: "")
        }
        let alert = Alert(subject: "web crashed", body: "", time: time)
        var thread = AlertThread(incident(.exited), start: ThreadStart(alert))
        thread.add(2, until: incident(.exited))
        thread.add(1, until: incident(.fatal))
        var report = RecoveryReport(thread: thread, end: Timestamp(seconds: 70))
        report.countsCrashes = true
        // After a restart of the listener, the time between its crashes is unknown.
        #expect(report.alert("It runs").body.contains("\ndowntime: at most 30 s, from "))
        report.total = 4
        let body = report.alert("It runs").body
        #expect(body.contains("\ndowntime: 4 s in total, from "))
        #expect(body.hasSuffix("\ncrashes: 3\nfailed starts: 1"))
    }

    /// It is reported when it has been RUNNING for a minute, which is no part of its downtime.
    @Test(arguments: [(40, 45, "recovered after 5 s"), (40, 39, "recovered")])
    func `the headline has the downtime of the text`(begin: Int, end: Int, words: String) {
        let first = Incident(
            .exited, at: Timestamp(seconds: begin, milliseconds: 500),
            to: ProcessName(group: "site", name: "web"), message: "")
        let alert = Alert(subject: "web crashed", body: "", time: first.time, incidents: [first])
        let thread = AlertThread(first, start: ThreadStart(alert))
        let report = RecoveryReport(thread: thread, end: Timestamp(seconds: end))
        let recovery = report.alert("It runs")
        #expect(Headline(of: recovery.incidents[0]).text.hasSuffix("] site:web \(words)"))
        let times = recovery.body.matches(of: /from \S+ (\S+) to \S+ (\S+)/)
        #expect(times.allSatisfy { $0.1 <= $0.2 } && times.count == 1)
    }

    @Test func `Processes of one mail that recover together are one mail`() throws {
        let stage = try Stage()
        let incidents = (1...9).map { number in
            Incident(
                .exited, at: .now, to: ProcessName(group: "site", name: "w\(number)"),
                message: "crashed")
        }
        let first = Alert(
            subject: "9 processes crashed", body: "", time: .now, incidents: incidents)
        stage.threads.note(first)
        _ = stage.report()
        for number in 1...9 { try stage.note("RUNNING", "w\(number)", from: "STARTING", "pid:8") }
        try stage.note("RUNNING", from: "STARTING", "pid:8")
        stage.runUntilPosted()
        #expect(stage.posted.map(\.subject).count == 2)
        let mail = try #require(stage.posted.first { $0.incidents.count > 1 })
        #expect(mail.subject == "Re: 9 processes crashed")
        #expect(mail.predecessor == first.identity)
        #expect(mail.incidents.count == 9)
        #expect(
            mail.body.hasPrefix(
                """
                9 processes have recovered: site:w1, site:w2, site:w3, site:w4, site:w5, site:w6, \
                site:w7, site:w8, site:w9

                Process site:w1 has been RUNNING for a minute: downtime:
                """))
        #expect(mail.body.contains("\n\nhost: "))
        let headline = Headline(of: mail, on: "vm").text
        #expect(headline.contains("site:w1, site:w2, site:w3 and 6 more recovered"), "\(headline)")
    }

    @Test func `A process that dies again within the stability period has not recovered`() throws {
        let stage = try Stage()
        try stage.crash()
        let first = stage.report()
        for _ in 0..<5 {
            try stage.note("RUNNING", from: "STARTING", "pid:8")
            stage.run(10)
            try stage.crash()
            stage.run(150)
        }
        #expect(stage.posted.isEmpty)
        try stage.note("RUNNING", from: "STARTING", "pid:9")
        stage.runUntilPosted()
        #expect(stage.posted.map(\.predecessor) == [first.identity])
        #expect(stage.log.hasSuffix("has been RUNNING for a minute\n"))
        #expect(!stage.log.contains("PROCESS_STATE_RUNNING"))
    }

    @Test func `A process that came up before its alert recovers as soon as both conditions hold`()
        throws
    {
        let stage = try Stage()
        try stage.crash()
        try stage.note("RUNNING", from: "STARTING", "pid:8")
        stage.run(200)
        #expect(stage.posted.isEmpty)
        _ = stage.report()
        stage.runUntilPosted()
        #expect(stage.posted.count == 1)
    }

    @Test func `A process that is stopped on purpose is not reported`() throws {
        let stage = try Stage()
        try stage.crash()
        _ = stage.report()
        try stage.note("RUNNING", from: "STARTING", "pid:8")
        try stage.note("STOPPING", from: "RUNNING", "pid:8")
        try stage.note("STOPPED", from: "STOPPING", "pid:8")
        stage.run(300)
        #expect(stage.posted.isEmpty)
    }

    @Test func `A missing RUNNING subscription is reported once with what to change`()
        throws
    {
        let stage = try Stage()
        for _ in 0..<4 {
            try stage.crash()
            _ = stage.report()
        }
        #expect(
            stage.log == """
                crashmail: warning: --recovered requires events of started processes: add PROCESS_STATE_RUNNING to \
                events= of this listener's section

                """)
    }
}
