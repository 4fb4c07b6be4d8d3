// What keeps one alert, one server or one mistake from costing the others theirs.

import EventLoop
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

@Suite struct DeliveryRuleTests {
    private func alert(_ number: Int, size: Int = 0) -> Alert {
        Alert(
            subject: "alert \(number)",
            body: "body of \(number)"
                + String(repeating: " x", count: size / 2),
            time: Timestamp(seconds: 1_700_000_000 + number))
    }

    /// An alert with the end of a log and a long text of its own.
    private func detailed(log: Int, text: Int = 0) -> Alert {
        var found = Diagnostics(host: "vm")
        found.logs = [
            LogExcerpt("/var/log/web.log", lines: (0..<log).map { "line \($0) of the log" })
        ]
        let incident = Incident(
            .exited, at: .now, to: ProcessName(group: "web", name: "web"),
            message: "web crashed\n" + String(repeating: "y", count: text), diagnostics: found)
        return Alert(
            subject: "web crashed", body: incident.text, time: .now, incidents: [incident])
    }

    // MARK: What somebody can mend

    @Test func `failures that an operator can fix are retried for days and logged once an hour`()
        throws
    {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(
                script: stage.keeping("echo . >> tries; test -e up || { echo mend all; exit; }"))
        ])
        outbox.post(alert(1))
        stage.finish()
        var pauses: [Duration] = []
        for _ in 1...20 {
            pauses.append(try #require(stage.clock.pause))
            stage.clock.ring()
            stage.finish()
        }
        #expect(
            pauses.prefix(5) == [
                .seconds(5), .seconds(20), .seconds(80), .seconds(320), .seconds(900),
            ])
        #expect(pauses.dropFirst(5).allSatisfy { $0 == .seconds(900) })
        #expect(stage.count(".", in: "tries") == 21)
        // 4 h 5 min, whatever numbers the server puts into its words.
        #expect(stage.count("; check the key\n", in: "log") == 5)
        #expect(
            stage.log.hasPrefix(
                "tool: warning: not delivered (1 waiting, retrying in 5 s): locked at "))
        #expect(!stage.log.contains("dropping an alert"))
        stage.touch("up")
        stage.run { stage.text("sent").contains("body of 1") && outbox.isExhausted }
        #expect(stage.text("sent") == "Subject: alert 1\n\nbody of 1\n---\n")
    }

    @Test func `one invalid recipient does not delay alerts when others received the mail`()
        throws
    {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(script: "echo 'mend a'; echo 'ok b'", targets: ["a", "b"])
        ])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("tool: warning: rejected for a, delivered to the others: "))
        #expect(outbox.waitingCount == 0)
    }

    // MARK: Poison

    @Test(arguments: ["exit 1", "kill -9 $$", "echo 'mend all'; exit", "echo 'no all'; exit"])
    func `an alert that is always rejected does not delay others`(failure: String) throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            test -e up || exit 1
            text=$(cat)
            case $text in *'body of 30 '*) echo . >> poisoned; \(failure);; esac
            echo "$text" | grep -o 'body of [0-9]* ' >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(alert(1, size: 10))
        stage.finish()
        for number in 2...100 { outbox.post(alert(number, size: 10)) }
        stage.touch("up")
        let begin = stage.clock.now
        stage.run {
            stage.count("body of ", in: "sent") == 99
                && (failure != "echo 'no all'; exit" || stage.log.contains("dropping an alert"))
        }
        stage.finish()
        let sent = stage.text("sent").split(separator: "\n")
        #expect(Set(sent).count == 99 && sent.count == 99)
        #expect(!sent.contains("body of 30 "))
        #expect(stage.clock.now - begin < .seconds(300))
        #expect(stage.count(".", in: "poisoned") < 10)
        // What comes later is not kept waiting either.
        outbox.post(alert(101, size: 10))
        stage.run { stage.text("sent").contains("body of 101") }
    }

    @Test func `an alert that fails on its own is sent after those that have not failed`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            text=$(cat)
            case $text in *'body of 1 '*) exit 1;; esac
            echo "$text" | grep -o 'body of [0-9]* ' >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(alert(1, size: 10))
        stage.finish()
        for number in 2...3 {
            outbox.post(alert(number, size: 10))
            stage.run { stage.text("sent").contains("body of \(number) ") }
        }
        // The script writes its mail a moment before it ends.
        stage.run { outbox.waitingCount == 1 }
        #expect(outbox.waitingCount == 1)
    }

    // MARK: Sizes

    @Test func `an alert that is too large is sent again at once without logs, then as headlines`()
        throws
    {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            cat > mail
            wc -c < mail >> sizes
            test $(wc -c < mail) -gt 4000 && { echo 'big all'; exit; }
            cat mail >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(detailed(log: 500))
        stage.finish()
        #expect(stage.count("line ", in: "sent") == 0)
        #expect(stage.text("sent").contains("host: vm"))
        #expect(
            stage.text("sent").contains(
                "(omitted, since the whole alert is too large to be delivered: the ends of logs)"))
        #expect(stage.log.contains("without the ends of logs: too much\n"))
        outbox.post(detailed(log: 10, text: 9_000))
        stage.finish()
        #expect(stage.text("sent").hasSuffix("too large to be delivered: everything else)\n"))
        #expect(!stage.text("sent").contains("yyy"))
        #expect(stage.count("\n", in: "sizes") == 5)
        #expect(stage.clock.pause == nil)
    }

    @Test(arguments: ["big all", "over 100"])
    func `an alert of which even the headlines are too large waits for a larger limit`(
        reply: String
    ) throws {
        let stage = try OutboxStage()
        let script = stage.keeping(
            """
            cat > mail
            test -e room || grep -q 'alert 2' mail || { echo '\(reply)'; exit; }
            exec < mail
            """)
        var outbox = stage.open([ScriptChannel(script: script)], spool: stage.spool())
        outbox.post(detailed(log: 50))
        stage.finish()
        // The server accepts others, which are smaller.
        outbox.post(alert(2))
        stage.finish()
        for _ in 1...3 {
            stage.clock.ring()
            stage.finish()
        }
        #expect(stage.text("sent").contains("body of 2"))
        #expect(outbox.waitingCount == 1)
        #expect(!stage.log.contains("dropping an alert of"))
        #expect(stage.count("as headlines: too much\n", in: "log") == 1)
        #expect(
            stage.log.contains(
                "not delivered (1 waiting, retrying in 5 s): too much; "
                    + "raise the size limit of the mail server: it rejects even headlines\n"))
        // Nor does the next run of the listener lose it.
        let spool = stage.spool()
        outbox = stage.open([ScriptChannel(script: script)], spool: spool)
        outbox.adopt(spool.takeOver())
        outbox.begin()
        stage.finish()
        #expect(outbox.waitingCount == 1)
        stage.touch("room")
        stage.run { outbox.waitingCount == 0 }
        #expect(stage.text("sent").contains("line 49 of the log"))
    }

    @Test func `a limit that a server announced once does not apply to later alerts`() throws {
        let stage = try OutboxStage()
        let script = stage.keeping(
            """
            cat > mail
            test -e room || test $(wc -c < mail) -lt 1000 || { echo 'over 1000'; exit; }
            exec < mail
            """)
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(detailed(log: 100))
        stage.finish()
        #expect(stage.count("line ", in: "sent") == 0)
        stage.touch("room")
        outbox.post(detailed(log: 100))
        stage.finish()
        #expect(stage.text("sent").contains("line 99 of the log"))
        #expect(stage.count("too large, sending", in: "log") == 1)
    }

    @Test func `an alert is not lost if something other than its size may be the cause`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            cat > mail
            test -e room || { echo 'full all'; exit; }
            cat mail >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(detailed(log: 50))
        stage.finish()
        #expect(!stage.log.contains("dropping an alert of"))
        #expect(stage.log.contains("not delivered (1 waiting, retrying in"))
        stage.touch("room")
        stage.run { outbox.waitingCount == 0 }
        #expect(stage.text("sent").contains("web crashed"))
    }

    @Test func `no message exceeds a mebibyte`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            test -e up || exit 1
            cat > mail.$$
            wc -c < mail.$$ >> sizes
            grep -o 'body of [0-9]* ' mail.$$ >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(alert(1, size: 10))
        stage.finish()
        for number in 2...40 { outbox.post(alert(number, size: 100_000)) }
        outbox.post(detailed(log: 100_000))
        stage.touch("up")
        stage.run { outbox.waitingCount == 0 && outbox.isExhausted }
        let sizes = stage.text("sizes").split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(sizes.count > 3)
        #expect(sizes.allSatisfy { $0 <= 1_048_576 })
        #expect(stage.count("body of ", in: "sent") == 40)
    }

    // MARK: Slow servers

    @Test func `a slow server does not delay the alerts of other channels`() throws {
        let stage = try OutboxStage()
        let slow = ScriptChannel(script: "sleep 60", name: "slow")
        let quick = ScriptChannel(script: stage.keeping(), name: "quick")
        let outbox = stage.open([slow, quick])
        for number in 1...20 { outbox.post(alert(number)) }
        func run(until count: Int) {
            let end = stage.loop.after(.seconds(60)) { stage.loop.stop() }
            func look() {
                // A script has written its mail a moment before it ends.
                let isOver = outbox.underway.values.allSatisfy { $0.queue.channel.name == "slow" }
                guard !isOver || stage.count("---\n", in: "sent") < count else {
                    return stage.loop.stop()
                }
                stage.loop.after(.milliseconds(2), handler: look)
            }
            stage.loop.after(.zero, handler: look)
            stage.loop.run()
            stage.loop.cancel(end)
        }
        run(until: 20)
        #expect(stage.count("---\n", in: "sent") == 20)
        // Those that hang take no places any more, and get no maximumBatch.
        stage.clock.advance(by: .seconds(31))
        let hanging = outbox.underway.count
        for number in 21...40 { outbox.post(alert(number)) }
        #expect(outbox.underway.count > hanging)
        run(until: 40)
        #expect(outbox.underway.count == hanging)
        outbox.logUndelivered()
        stage.loop.killChildren()
        #expect(stage.log.contains("it may have been delivered\n\tSubject: alert 1\n"))
    }

    @Test func `an alert over which the server hangs does not delay others`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(
                script: stage.keeping(
                    "test $(cat | tee mail.$$ | grep -c 'body of 1$') = 0 || sleep 60; exec < mail.$$"
                ))
        ])
        outbox.post(alert(1))
        for number in 2...4 { outbox.post(alert(number)) }
        func run(until count: Int) {
            let end = stage.loop.after(.seconds(60)) { stage.loop.stop() }
            func look() {
                guard outbox.underway.count > 1 || stage.count("---\n", in: "sent") < count else {
                    return stage.loop.stop()
                }
                stage.loop.after(.milliseconds(2), handler: look)
            }
            stage.loop.after(.zero, handler: look)
            stage.loop.run()
            stage.loop.cancel(end)
        }
        run(until: 3)
        stage.clock.advance(by: .seconds(31))
        for number in 5...20 { outbox.post(alert(number)) }
        run(until: 19)
        #expect(stage.count("---\n", in: "sent") == 19)
        #expect(outbox.waitingCount == 1)
        stage.loop.killChildren()
    }

    @Test func `a server that is slow for two alerts gets no third one`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([ScriptChannel(script: "sleep 60")])
        outbox.post(alert(1))
        stage.clock.advance(by: .seconds(31))
        outbox.post(alert(2))
        stage.clock.advance(by: .seconds(31))
        for number in 3...9 { outbox.post(alert(number)) }
        stage.clock.advance(by: .seconds(31))
        #expect(outbox.underway.count == 2)
        stage.loop.killChildren()
    }

    // MARK: Several requests

    @Test func `each alert of an attempt has its own status`() throws {
        struct Split: Channel {
            let name = "split"
            let targets = ["all"]
            let isMail = false

            func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
                let subjects = parcel.alerts.map { $0.subject ?? "" }
                return Attempt(program: .shell("exit 0"), deadline: .seconds(20)) { _ in
                    { place in
                        switch subjects[place] {
                        case "alert 3": ["all": .refused("not this one")]
                        case "alert 5": ["all": .later("not now")]
                        default: ["all": parcel.alerts.count == 1 ? .later("one") : .accepted]
                        }
                    }
                }
            }
        }
        let stage = try OutboxStage()
        let outbox = stage.open([Split()])
        var counts: [DeliveryMetric: Int] = [:]
        outbox.post(alert(1))
        stage.finish()
        outbox.onDelivery = { counts[$1, default: 0] += $2 }
        for number in 2...6 { outbox.post(alert(number)) }
        stage.clock.ring()
        stage.finish()
        #expect(counts == [.delivered: 4, .refused: 1, .retried: 1])
        #expect(outbox.waitingCount == 1)
        #expect(stage.log.contains("delivered 4 alerts by split\n"))
        #expect(stage.log.contains("not this one\n\tSubject: alert 3\n"))
        #expect(!stage.log.contains("Subject: alert 5"))
    }
}
