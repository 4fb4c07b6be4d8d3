// Rejections, which are final only if the alert is the cause.

import EventLoop
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

@Suite struct RejectionTests {
    private func alert(_ number: Int, of process: String? = nil) -> Alert {
        let time = Timestamp(seconds: 1_700_000_000 + number)
        let incidents = process.map { name in
            [
                Incident(
                    .exited, at: time, to: ProcessName(group: name, name: name),
                    message: "body of \(number)")
            ]
        }
        return Alert(
            subject: "alert \(number)", body: "body of \(number)", time: time,
            incidents: incidents ?? [])
    }

    /// A server that rejects every message until the file `up` exists.
    private func rejecting(_ stage: OutboxStage) -> ScriptChannel {
        ScriptChannel(
            script: stage.keeping("echo . >> tries; test -e up || { echo 'no all'; exit; }"))
    }

    /// A server that rejects only messages with `body of 1`.
    private func choosy(_ stage: OutboxStage) -> ScriptChannel {
        ScriptChannel(
            script: """
                cd '\(stage.folder.path)'
                text=$(cat)
                case $text in *'body of 1') echo . >> rejected; echo 'no all'; exit;; esac
                echo "$text" >> sent
                echo 'ok all'
                """)
    }

    @Test func `while a server rejects everything, no alert is lost`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([rejecting(stage)])
        for number in 1...30 {
            outbox.post(alert(number))
            stage.finish()
        }
        for _ in 1...5 {
            stage.clock.ring()
            stage.finish()
        }
        #expect(outbox.waitingCount == 30)
        // Once for each alert, and once for each pause.
        #expect(stage.count(".", in: "tries") == 35)
        #expect(!stage.log.contains("dropping"))
        #expect(
            stage.log
                == "tool: warning: not delivered (1 waiting, retrying in 5 s): no such target all; "
                + "check --fromEmail, and the account that sends the mail\n")
        stage.touch("up")
        stage.run { outbox.waitingCount == 0 }
        for number in 1...30 { #expect(stage.text("sent").contains("body of \(number)\n")) }
        // The first one alone, the others together.
        #expect(stage.count("---", in: "sent") == 2)
    }

    @Test func `a digest that is rejected like everything else is not divided further`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([rejecting(stage)])
        for number in 1...600 { outbox.post(alert(number)) }
        stage.finish()
        #expect(outbox.waitingCount == 600)
        #expect(stage.count(".", in: "tries") < 40)
        stage.touch("up")
        stage.run { outbox.waitingCount == 0 }
        #expect(!stage.log.contains("dropping"))
    }

    @Test func `an alert that is rejected on its own delays no other one`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([choosy(stage)])
        outbox.post(alert(1))
        stage.finish()
        // The clock stands still.
        outbox.post(alert(2))
        stage.finish()
        #expect(stage.text("sent").contains("body of 2"))
        #expect(outbox.waitingCount == 0)
        #expect(stage.count(".", in: "rejected") == 2)
        #expect(stage.log.contains("tool: error: dropping an alert of "))
        #expect(stage.log.hasSuffix("no such target all\n\tSubject: alert 1\n\n\tbody of 1\n"))
    }

    @Test func `a single alert that is rejected is retried with longer and longer pauses`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([choosy(stage)])
        let begin = stage.clock.now
        outbox.post(alert(1))
        stage.run { stage.count(".", in: "rejected") == 6 }
        stage.finish()
        // 5, 20, 80, 320 and 900 seconds
        #expect(stage.clock.now - begin == .seconds(1_325))
        #expect(outbox.waitingCount == 1)
    }

    @Test func `a rejected alert stays in the spool`() throws {
        let stage = try OutboxStage()
        stage.open([rejecting(stage)], spool: stage.spool()).post(alert(1))
        stage.finish()
        stage.touch("up")
        let spool = stage.spool()
        let next = stage.open([rejecting(stage)], spool: spool)
        next.adopt(spool.takeOver())
        next.begin()
        stage.run { next.waitingCount == 0 }
        #expect(stage.text("sent").contains("body of 1"))
    }

    @Test func `at the shutdown, a rejected alert is tried once more, and logged`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([rejecting(stage)])
        outbox.post(alert(1))
        stage.finish()
        outbox.flush { stage.loop.stop() }
        stage.loop.run()
        outbox.logUndelivered()
        #expect(stage.count(".", in: "tries") == 2)
        #expect(
            stage.log.contains("the listener exited before it was delivered\n\tSubject: alert 1"))
    }

    @Test func `recipients without a verdict do not settle the rejection for the others`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            echo "$TARGETS" >> tries
            test -e up && { for target in $TARGETS; do echo "ok $target"; done; exit; }
            echo 'no b'
            """
        let outbox = stage.open([ScriptChannel(script: script, targets: ["a", "b"])])
        outbox.post(alert(1))
        stage.finish()
        stage.touch("up")
        stage.run { outbox.waitingCount == 0 }
        #expect(stage.text("tries").split(separator: "\n").sorted() == ["a", "a b", "b"])
        #expect(!stage.log.contains("dropping"))
    }

    @Test func `an alert that a service with states rejects gives way to a later one`() throws {
        let stage = try OutboxStage()
        var channel = choosy(stage)
        channel.tracksResolution = true
        let outbox = stage.open([channel])
        outbox.post(alert(1, of: "web"))
        stage.finish()
        #expect(outbox.waitingCount == 1)
        outbox.post(alert(2, of: "web"))
        stage.finish()
        #expect(stage.text("sent").contains("body of 2"))
        // The later state must not be replaced by the earlier one.
        #expect(outbox.waitingCount == 0)
        #expect(stage.count(".", in: "rejected") == 1)
        #expect(stage.log.contains("dropping an alert"))
    }
}
