import EventLoop
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

/// The channel is a shell script here, so that deliveries are real children which succeed, fail and
/// hang as a test likes.
struct OutboxTests {
    private func alert(_ number: Int) -> Alert {
        Alert(
            subject: "alert \(number)", body: "body of \(number)",
            time: Timestamp(seconds: 1_700_000_000 + number))
    }

    @Test func `an alert is delivered once, with its subject and text`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([ScriptChannel(script: stage.keeping())], confirms: true)
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.text("sent") == "Subject: alert 1\n\nbody of 1\n---\n")
        #expect(
            stage.log == "Mailed:\n\nTo: all\nSubject: alert 1\n\nbody of 1\n"
                + "tool: delivered by script to all: alert 1\n")
    }

    @Test func `an alert arrives after the one that it follows up, and delays no other`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            text=$(grep -o 'body of [0-9]*')
            case $text in
            *1) until grep -q 'body of 3' sent; do sleep 0.01; done ;;
            esac
            echo "$text" >> sent
            echo "ok $TARGETS"
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        let first = alert(1)
        outbox.post(first)
        outbox.post(
            Alert(
                subject: "Re: alert 1", body: "body of 2", time: first.time,
                predecessor: first.identity))
        outbox.post(alert(3))
        stage.finish()
        #expect(stage.text("sent") == "body of 3\nbody of 1\nbody of 2\n")
    }

    @Test(arguments: [1, 2, 4, 5, 6, 10])
    func `after an outage an alert still arrives before the one that follows it up`(
        failures: Int
    ) throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            grep -o 'body of [0-9]*' > now
            cat now >> tried
            test -e down && exit 1
            cat now >> sent
            echo "ok $TARGETS"
            """
        try Data().write(to: stage.folder.appending(path: "down"))
        let outbox = stage.open([ScriptChannel(script: script)])
        let tries = { stage.text("tried").split(separator: "\n").count }
        let first = alert(1)
        outbox.post(first)
        stage.run { tries() == failures }
        outbox.post(
            Alert(
                subject: "Re: alert 1", body: "body of 2", time: first.time,
                predecessor: first.identity))
        stage.run { tries() > failures }
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down"))
        stage.run { stage.text("sent").hasSuffix("body of 2\n") }
        #expect(stage.text("sent") == "body of 1\nbody of 2\n")
    }

    /// A crash of a process, with a thread of its own.
    private func crash(_ number: Int, of name: String, after first: Alert? = nil) -> Alert {
        let time = Timestamp(seconds: 1_700_000_000 + number)
        let incident = Incident(
            first == nil ? .exited : .recovered, at: time,
            to: ProcessName(group: name, name: name), message: "body of \(number)")
        return Alert(
            subject: first.map { "Re: \($0.subject ?? "")" } ?? "crash \(number)",
            body: incident.text, time: time, incidents: [incident],
            predecessor: first?.identity)
    }

    @Test(arguments: [0, 1, 2, 3, 5])
    func `after an outage the alerts about a process arrive in order, the recovery last`(
        failures: Int
    ) throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            grep -o 'body of [0-9]*' > now.$$
            cat now.$$ >> tried
            test -e down && exit 1
            # The first one is slow.
            grep -q 'body of 1' now.$$ && sleep 0.3
            cat now.$$ >> sent
            echo "ok $TARGETS"
            """
        stage.touch("down")
        let outbox = stage.open([ScriptChannel(script: script)])
        let tries = { stage.text("tried").split(separator: "\n").count }
        let first = crash(1, of: "web")
        outbox.post(first)
        outbox.post(crash(2, of: "web"))
        if failures > 0 { stage.run { tries() >= failures } }
        outbox.post(crash(3, of: "web"))
        outbox.post(crash(9, of: "web", after: first))
        outbox.post(crash(4, of: "job"))
        if failures > 0 { stage.run { tries() > failures } }
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down"))
        stage.run { outbox.waitingCount == 0 }
        let order = stage.text("sent").split(separator: "\n").compactMap { Int($0.suffix(1)) }
        #expect(order.filter { $0 != 4 } == [1, 2, 3, 9] && order.contains(4), "\(order)")
    }

    @Test func `an alert that always fails delays others about its process only briefly`() throws {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            text=$(grep -o 'body of [0-9]*')
            case $text in *'body of 1'*) exit 1;; esac
            echo "$text" >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(crash(1, of: "web"))
        stage.finish()
        for number in 2...3 { outbox.post(crash(number, of: "web")) }
        outbox.post(crash(4, of: "job"))
        let begin = stage.clock.now
        stage.run { outbox.waitingCount == 1 }
        #expect(stage.clock.now - begin < .seconds(300))
        let order = stage.text("sent").split(separator: "\n").compactMap { Int($0.suffix(1)) }
        #expect(order.sorted() == [2, 3, 4])
    }

    @Test func `at most eight deliveries run at once, each with one alert`() throws {
        let stage = try OutboxStage()
        let script = stage.keeping(
            "touch run.$$; ls run.* | wc -l >> counts; sleep 0.1; rm run.$$")
        let outbox = stage.open([ScriptChannel(script: script)])
        for number in 1...30 { outbox.post(alert(number)) }
        stage.finish()
        let counts = stage.text("counts").split(separator: "\n").compactMap { Int($0) }
        #expect(counts.count == 30)
        #expect(counts.max() ?? 0 <= 8)
        #expect(stage.text("sent").components(separatedBy: "---\n").count == 31)
    }

    @Test
    func
        `what fails for a while is tried again, and what has gathered goes as one digest in order of age`()
        throws
    {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(script: stage.keeping("echo try >> tries; test -e up || exit 1"))
        ])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        for number in 2...20 { outbox.post(alert(number)) }
        stage.touch("up")
        stage.run { stage.text("sent").hasSuffix("---\n") && outbox.isExhausted }
        let sent = stage.text("sent")
        #expect(sent.components(separatedBy: "---\n").count == 2)
        #expect(sent.hasPrefix("Subject: tool: 20 alerts since "))
        let places = (1...20).map { sent.range(of: "body of \($0)\n")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(stage.text("tries") == "try\ntry\n")
        #expect(stage.log.contains("delivered 20 alerts as one digest by script to all"))
    }

    @Test func `a digest has the subject as set, and a later mail refers to that`() throws {
        let stage = try OutboxStage()
        var script = ScriptChannel(script: stage.keeping("test -e up || exit 1"))
        script.isMail = true
        let outbox = stage.open([script])
        outbox.digestSubject = { "[shop-1] \($0.incidents.count) alerts" }
        var start: ThreadStart?
        outbox.onDigest = { _, digest, _ in start = digest }
        outbox.post(alert(1))
        stage.finish()
        for number in 2...20 { outbox.post(alert(number)) }
        stage.touch("up")
        stage.run { stage.text("sent").hasSuffix("---\n") && outbox.isExhausted }
        #expect(stage.text("sent").hasPrefix("Subject: [shop-1] 20 alerts\n"))
        #expect(start?.reply == "Re: [shop-1] 20 alerts")
    }

    @Test func `a few delayed alerts are sent one by one`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([ScriptChannel(script: stage.keeping("test -e up || exit 1"))])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        for number in 2...3 { outbox.post(alert(number)) }
        stage.touch("up")
        stage.run { stage.text("sent").components(separatedBy: "---\n").count == 4 }
        #expect(stage.text("sent").contains("Subject: alert 3\n"))
    }

    @Test
    func
        `one target that is not to be had now does not cost the others theirs, nor give it to them twice`()
        throws
    {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            for target in $TARGETS; do
                test $target = slow -a ! -e up && continue
                echo $target >> told
                echo "ok $target"
            done
            """
        let outbox = stage.open([ScriptChannel(script: script, targets: ["slow", "quick", "fast"])])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        #expect(stage.text("told") == "quick\nfast\n")
        stage.touch("up")
        stage.run { stage.text("told").contains("slow") && outbox.isExhausted }
        #expect(stage.text("told") == "quick\nfast\nslow\n")
    }

    @Test func `an alert that is rejected although another one is accepted is logged in full`()
        throws
    {
        let stage = try OutboxStage()
        let script = """
            case $(cat) in *'body of 1') echo 'no a'; echo 'no b';; *) echo 'ok a'; echo 'ok b';; esac
            """
        let outbox = stage.open([ScriptChannel(script: script, targets: ["a", "b"])])
        outbox.post(alert(1))
        stage.finish()
        outbox.post(alert(2))
        stage.run { outbox.waitingCount == 0 }
        #expect(
            stage.log.contains(
                "to a, b: no such target a; no such target b\n\tSubject: alert 1\n\n\tbody of 1\n"))
    }

    @Test func `a rejection by one of several targets is logged in one line`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(script: "echo 'no a'; echo 'ok b'", targets: ["a", "b"])
        ])
        outbox.post(alert(1))
        stage.finish()
        #expect(
            stage.log == "tool: delivered by script to b: alert 1\n"
                + "tool: warning: rejected for a, delivered to the others: no such target a\n")
    }

    @Test
    func `a rejected digest is divided, and only alerts rejected alone are dropped`()
        throws
    {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            test -e up || exit 1
            text=$(cat)
            case $text in *' alerts since '*|*'body of 3') echo 'no all'; exit;; esac
            echo "$text" >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        for number in 2...6 { outbox.post(alert(number)) }
        stage.touch("up")
        stage.run { stage.log.contains("body of 3") && outbox.isExhausted }
        stage.finish()
        for number in [1, 2, 4, 5, 6] {
            #expect(stage.text("sent").contains("body of \(number)\n"))
        }
        #expect(!stage.text("sent").contains("body of 3"))
    }

    @Test func `a delivery that hangs is stopped at its deadline and retried`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(
                script: stage.keeping("test -e hung || { touch hung; sleep 60; }"),
                deadline: .milliseconds(300))
        ])
        outbox.post(alert(1))
        stage.run { stage.text("sent").contains("body of 1") }
        #expect(stage.text("sent").contains("body of 1"))
    }

    @Test func `at the shutdown, every alert is tried once more, and the rest is logged`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([
            ScriptChannel(script: stage.keeping("grep -q 'body of 2' && exit 1; exec < /dev/null"))
        ])
        outbox.post(alert(1))
        stage.finish()
        outbox.post(alert(2))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        outbox.flush { stage.loop.stop() }
        if !outbox.isExhausted { stage.loop.run() }
        outbox.logUndelivered()
        #expect(
            stage.log.contains(
                "the listener exited before it was delivered\n\tSubject: alert 2\n\n\tbody of 2\n"))
        #expect(!stage.log.contains("body of 1"))
    }

    @Test func `if too many alerts are waiting, the oldest is dropped and logged in full`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([ScriptChannel(script: "exit 1")])
        outbox.post(alert(1))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        let large = String(repeating: "x", count: 6_000_000)
        for number in 2...4 {
            outbox.post(
                Alert(subject: "large \(number)", body: large, time: Timestamp(seconds: number)))
        }
        #expect(stage.log.contains("too many alerts are waiting\n\tSubject: alert 1\n"))
        #expect(stage.log.contains("too many alerts are waiting\n\tSubject: large 2\n"))
        #expect(!stage.log.contains("Subject: large 3"))
    }

    @Test func `alerts that exceed the memory limit are delivered from the spool`()
        throws
    {
        let stage = try OutboxStage()
        let script = """
            cd '\(stage.folder.path)'
            test -e up || exit 1
            grep -o 'body of [0-9]*' >> sent
            echo 'ok all'
            """
        let outbox = stage.open([ScriptChannel(script: script)], spool: stage.spool())
        outbox.post(Alert(subject: "first", body: "body of 1", time: .now))
        stage.finish()
        #expect(stage.log.contains("not delivered"))
        let large = String(repeating: "x", count: 1_000_000)
        for number in 2...20 {
            outbox.post(
                Alert(
                    subject: "large \(number)", body: "body of \(number) \(large)",
                    time: .now))
        }
        #expect(!stage.log.contains("too many alerts"))
        stage.touch("up")
        stage.run { stage.text("sent").contains("body of 20\n") && outbox.isExhausted }
        for number in 1...20 { #expect(stage.text("sent").contains("body of \(number)\n")) }
    }

    @Test func `without a channel, nothing is sent`() throws {
        let stage = try OutboxStage()
        let outbox = stage.open([])
        outbox.post(alert(1))
        #expect(outbox.isExhausted)
    }
}
