// What a true Alertmanager shows while it and the listener are restarted.

import Alerting
import Curl
import EventLoop
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

/// Alerts, their repetition and their resolution, with short times in place of minutes.
@Suite(.serialized) struct AlertmanagerRepetitionTests {
    /// What a listener has of it: an outbox, a repeater and the active alerts.
    private final class Run {
        let loop: PollLoop
        let outbox: Outbox
        let spool: Spool
        let active: ActiveAlerts

        /// Begins as a listener does: with what an earlier one has left.
        init(_ url: String, spool directory: String, lifetime: Int = 60) throws {
            let loop = try PollLoop()
            let log = Log(tool: "crashmail")
            let spool = Spool(directory: directory, listener: "crashmail", log: log)
            let channel = WebChannel.alertmanager(
                WebAddress(url: url, origin: url), origin: Origin(tool: "crashmail"),
                authorities: CertificateAuthorities(file: nil), besides: [], lifetime: lifetime)
            let outbox = Outbox(
                channels: [channel], loop: loop, log: log, confirms: false, spool: spool)
            let repeater = AlertRepeater(channels: [channel], loop: loop, log: log)
            active = ActiveAlerts(
                loop: loop, stabilityPeriod: .milliseconds(50), spool: spool,
                interval: .milliseconds(300), post: outbox.postToStatefulChannels,
                resend: repeater.send)
            (self.loop, self.outbox, self.spool) = (loop, outbox, spool)
            for key in spool.takeOver() {
                if case .active(let incident) = spool.content(key) { active.restore(incident, key) }
            }
            active.repeatNow()
        }

        func crash(_ name: String, details: String? = nil) {
            var incident = Incident(
                .exited, at: .now, to: ProcessName(group: "site", name: name), message: "x",
                header: ["server": "supervisor"])
            if let details {
                incident.diagnostics = Diagnostics(host: "h")
                incident.diagnostics?.sections = [details]
            }
            let alert = Alert(subject: "x", body: "x", time: .now, incidents: [incident])
            outbox.post(alert)
            active.note(alert)
        }

        func recover(_ name: String) {
            active.see(ProcessName(group: "site", name: name), .running)
        }

        /// Lives for a while.
        func live(_ time: Duration = .milliseconds(100)) {
            loop.after(time) { [loop] in loop.stop() }
            loop.run()
        }

        /// Lives until Alertmanager shows these processes.
        func expect(_ processes: [String], at alertmanager: Alertmanager) throws {
            try eventually("\(processes) in \((try? alertmanager.processes()) ?? [])") {
                live()
                return try alertmanager.processes() == processes
            }
        }
    }

    private let receiver: HTTPSite
    private let alertmanager: Alertmanager
    private let spool: TemporaryDirectory

    init() throws {
        receiver = try HTTPSite()
        alertmanager = try Alertmanager(notifying: receiver)
        spool = try TemporaryDirectory()
        try alertmanager.start()
    }

    private func begin(lifetime: Int = 60) throws -> Run {
        try Run(alertmanager.url, spool: spool.path, lifetime: lifetime)
    }

    @Test func `A crash becomes an active alert, and a recovery resolves it`() throws {
        let run = try begin()
        run.crash("web")
        run.crash("job")
        try run.expect(["job", "web"], at: alertmanager)
        run.recover("web")
        try run.expect(["job"], at: alertmanager)
        // It is not brought back by what is repeated.
        run.live(.seconds(1))
        #expect(try alertmanager.processes() == ["job"])
    }

    @Test func `An active alert survives a restart of Alertmanager, a resolved one does not`()
        throws
    {
        let run = try begin()
        for name in ["job", "web"] { run.crash(name) }
        try run.expect(["job", "web"], at: alertmanager)
        alertmanager.stop()
        run.recover("job")
        run.live(.milliseconds(500))
        try alertmanager.start()
        try run.expect(["web"], at: alertmanager)
        run.live(.seconds(1))
        #expect(try alertmanager.processes() == ["web"])
    }

    @Test func `Active alerts that are too large for one request are repeated in several`() throws {
        let run = try begin()
        let names = (10..<80).map { "web\($0)" }
        // Each of these bytes is six bytes in JSON.
        for name in names { run.crash(name, details: String(repeating: "\u{1}", count: 8_000)) }
        try run.expect(names, at: alertmanager)
        try alertmanager.restart()
        try run.expect(names, at: alertmanager)
    }

    @Test(arguments: [false, true])
    func `An alert survives a restart of the listener or of both`(both: Bool) throws {
        var run: Run? = try begin()
        run?.crash("web")
        try run?.expect(["web"], at: alertmanager)
        run = nil
        if both { try alertmanager.restart() }
        let next = try begin()
        try next.expect(["web"], at: alertmanager)
        next.recover("web")
        try next.expect([], at: alertmanager)
        next.live(.seconds(1))
        #expect(try alertmanager.processes().isEmpty)
        // The next one knows that it is over.
        #expect(spool.names().isEmpty == false)
        let last = try begin()
        last.live(.milliseconds(500))
        #expect(try alertmanager.processes().isEmpty)
    }

    @Test func `An alert that is no longer repeated expires`() throws {
        var run: Run? = try begin(lifetime: 2)
        run?.crash("web")
        try run?.expect(["web"], at: alertmanager)
        run?.live(.seconds(3))
        #expect(try alertmanager.processes() == ["web"])
        run = nil
        try eventually("its end") { try alertmanager.processes().isEmpty }
    }
}
