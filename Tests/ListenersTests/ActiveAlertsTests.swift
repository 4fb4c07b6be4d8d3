// When channels that keep state hear that an incident is over.

import Alerting
import EventLoop
import ListenerProtocol
import System
import Testing

@testable import Listeners

@Suite struct FiringWatchTests {
    /// A watch with a short stabilityPeriod, and what it has posted.
    private final class Stage {
        let loop: PollLoop
        private(set) var posts: [Alert] = []
        private(set) lazy var watch = ActiveAlerts(loop: loop, stabilityPeriod: .milliseconds(100))
        {
            [unowned self] in posts.append($0)
        }

        init() throws {
            loop = try PollLoop()
        }

        func change(_ state: String, isExpected: Bool = false) throws {
            let header = try EventHeader("eventname:PROCESS_STATE_\(state) len:60")
            let payload =
                "processname:web groupname:site from_state:STARTING pid:1 "
                + "expected:\(isExpected ? 1 : 0)"
            let event = Event(header: header, payload: Array(payload.utf8))
            guard case .processState(let change) = try event.content() else { return }
            watch.note(change, event.name)
        }

        func report(_ kind: Incident.Kind, at time: Timestamp = .now, process: String? = "web") {
            let incident = Incident(
                kind, at: time,
                to: process.map { ProcessName(group: "site", name: $0) }, pid: 7,
                message: "\(kind)", header: ["server": "supervisor"])
            watch.note(
                Alert(subject: "", body: "", time: time, incidents: [incident]))
        }

        func wait(_ time: Duration = .milliseconds(200)) {
            loop.after(time) { [loop] in loop.stop() }
            loop.run()
        }

        var recoveries: [Incident.Kind?] { posts.flatMap(\.incidents).map(\.recovery?.kind) }
    }

    @Test func `a crash and a failed start are resolved after the stability period`() throws {
        let stage = try Stage()
        stage.report(.exited)
        stage.report(.fatal)
        stage.report(.exited, process: "other")
        try stage.change("RUNNING")
        #expect(stage.posts.isEmpty)
        stage.wait()
        #expect(stage.posts.count == 1)
        #expect(Set(stage.recoveries) == [.exited, .fatal])
        let incident = try #require(stage.posts.first?.incidents.first)
        #expect(incident.kind == .recovered)
        #expect(incident.process?.name == "web")
        #expect(incident.header == ["server": "supervisor"])
    }

    @Test func `The time until a recovery ends with the start of the process`() throws {
        let stage = try Stage()
        let now = Timestamp.now.seconds
        stage.report(.exited, at: Timestamp(seconds: now - 600))
        stage.watch.see(
            ProcessName(group: "site", name: "web"), .running, since: Timestamp(seconds: now - 597))
        stage.wait()
        #expect(stage.posts.flatMap(\.incidents).map(\.predicate) == ["recovered after 3 s"])
    }

    @Test func `an alert of an earlier run is resolved when a check shows the process running`()
        throws
    {
        let stage = try Stage()
        stage.report(.exited)
        stage.report(.memory, process: "big")
        stage.report(.unhealthy, process: nil)
        let web = ProcessName(group: "site", name: "web")
        #expect(stage.watch.processes == [web, ProcessName(group: "site", name: "big")])
        stage.watch.see(web, .running)
        stage.watch.see(web, .running)
        stage.wait()
        #expect(stage.recoveries == [.exited])
        #expect(!stage.watch.processes.contains(web))
    }

    @Test(arguments: [
        (SettledState.running, []), (.down, [Incident.Kind.memory]),
        (.stopped, [.exited, .memory, .gaveUp]),
        (.removed, [.exited, .memory, .gaveUp, .unhealthy]),
    ])
    func `an alert ends when the process is in a state to which it does not apply`(
        state: SettledState, over: [Incident.Kind]
    ) throws {
        let stage = try Stage()
        let kinds = [Incident.Kind.exited, .memory, .gaveUp, .unhealthy]
        for kind in state == .running ? Array(kinds.dropFirst()) : kinds { stage.report(kind) }
        stage.watch.see(ProcessName(group: "site", name: "web"), state)
        stage.wait()
        #expect(Set(stage.recoveries) == Set(over))
    }

    @Test func `a process that dies again is not resolved`() throws {
        let stage = try Stage()
        stage.report(.exited)
        try stage.change("RUNNING")
        try stage.change("EXITED")
        stage.wait()
        #expect(stage.posts.isEmpty)
    }

    @Test(arguments: [
        ("STOPPED", "was stopped"), ("EXITED", "has exited as expected"),
    ])
    func `a process that stays stopped or has done its work has no active crash`(
        state: String, words: String
    ) throws {
        let stage = try Stage()
        let crash = Timestamp.now
        for kind in [Incident.Kind.exited, .fatal, .gaveUp] { stage.report(kind) }
        try stage.change(state, isExpected: true)
        #expect(stage.posts.isEmpty)
        stage.wait()
        #expect(Set(stage.recoveries) == [.exited, .fatal, .gaveUp])
        let incident = try #require(stage.posts.first?.incidents.first)
        #expect(Headline(of: incident, on: "h").text == "[h] site:web \(words)")
        #expect(incident.message == "site:web \(words)")
        // The alert of a batch may come later than that, and a later crash is another one.
        stage.report(.exited, at: crash)
        #expect(stage.posts.count == 2)
        stage.report(.exited, at: Timestamp(seconds: crash.seconds + 60))
        #expect(stage.posts.count == 2)
    }

    @Test(arguments: ["STARTING", "BACKOFF", "EXITED", "FATAL"])
    func `a process that is only on its way to another start is not resolved`(state: String) throws
    {
        let stage = try Stage()
        stage.report(.exited)
        try stage.change("STOPPED")
        try stage.change(state)
        stage.wait()
        #expect(stage.posts.isEmpty)
    }

    @Test func `a process that no longer exists has no active crash`() throws {
        let stage = try Stage()
        stage.report(.exited)
        stage.watch.see(ProcessName(group: "site", name: "web"), .removed)
        stage.wait()
        #expect(stage.posts.map(\.subject) == ["site:web no longer exists"])
    }

    @Test func `processes that are down are looked at before each repetition`() throws {
        let loop = try PollLoop()
        var looks = 0
        let watch = ActiveAlerts(loop: loop, interval: .milliseconds(20)) { _ in }
        watch.onRepetition = { looks += 1 }
        let incident = Incident(
            .exited, at: .now, to: ProcessName(group: "site", name: "web"), message: "")
        watch.note(Alert(subject: "", body: "", time: .now, incidents: [incident]))
        loop.after(.milliseconds(200)) { loop.stop() }
        loop.run()
        #expect(looks > 1)
    }

    @Test func `a batch can include resolved incidents`() throws {
        let stage = try Stage()
        let crash = Timestamp.now
        try stage.change("RUNNING")
        stage.wait()
        stage.report(.exited, at: crash)
        #expect(stage.recoveries == [.exited])
        stage.report(.exited, at: Timestamp(seconds: crash.seconds + 60))
        #expect(stage.posts.count == 1)
    }

    @Test func `an alert that is repeated keeps its start`() throws {
        let stage = try Stage()
        let times = [100, 116, 132].map { Timestamp(seconds: $0) }
        for time in times { stage.report(.memory, at: time) }
        let again = Incident(
            .memory, at: times[2], to: ProcessName(group: "site", name: "web"), message: "")
        #expect(stage.watch.continued(again).start == times[0])
        let earlier = Timestamp(seconds: 90)
        stage.report(.memory, at: earlier)
        stage.watch.resolve(.memory) { _ in .recovered }
        #expect(stage.posts.flatMap(\.incidents).map(\.recovery?.since) == [earlier])
        // It has ended, so that the next one begins anew.
        #expect(stage.watch.continued(again).start == times[2])
    }

    @Test func `a site and memory are resolved by a check, once`() throws {
        let stage = try Stage()
        stage.report(.unhealthy, process: nil)
        stage.report(.memory)
        stage.watch.resolve(.unhealthy) { _ in .recovered }
        stage.watch.resolve(.unhealthy) { _ in .recovered }
        #expect(stage.recoveries == [.unhealthy])
        stage.watch.resolve(.memory) { $0?.name == "web" ? .recovered : nil }
        #expect(stage.recoveries == [.unhealthy, .memory])
    }
}
