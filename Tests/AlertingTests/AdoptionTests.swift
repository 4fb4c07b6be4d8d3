// What an earlier listener has left in the spool, and to whom it goes now.

import Curl
import EventLoop
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

@Suite struct AdoptionTests {
    private let stage: OutboxStage

    init() throws {
        stage = try OutboxStage()
    }

    private func alert(_ number: Int) -> Alert {
        Alert(
            subject: "alert \(number)", body: "body of \(number)",
            time: Timestamp(seconds: 1_700_000_000 + number))
    }

    /// A channel that keeps what it delivers in a file of its name, with the targets.
    private func channel(_ name: String, _ targets: String...) -> ScriptChannel {
        let script = """
            cd '\(stage.folder.path)'
            test -e 'down \(name)' && exit 1
            for target in $TARGETS; do echo "$target" >> 'told \(name)'; echo "ok $target"; done
            grep -o 'body of [0-9]*' >> 'sent \(name)'
            """
        return ScriptChannel(script: script, targets: targets, name: name)
    }

    private func numbers(_ name: String) -> [Int] {
        stage.text("sent \(name)").split(separator: "\n").compactMap {
            Int($0.dropFirst("body of ".count))
        }
    }

    /// Runs an outbox over what the one before has left.
    private func run(_ channels: [any Channel], until holds: (Outbox) -> Bool) {
        let spool = stage.spool()
        let keys = spool.takeOver()
        let outbox = stage.open(channels, spool: spool)
        outbox.adopt(keys)
        outbox.begin()
        withoutActuallyEscaping(holds) { holds in
            stage.run { holds(outbox) }
        }
    }

    private func leave(_ channels: [any Channel], _ count: Int) {
        let spool = stage.spool()
        let outbox = stage.open(channels, spool: spool)
        for number in 1...count { outbox.post(alert(number)) }
        stage.finish()
        #expect(outbox.waitingCount == count * channels.count)
    }

    @Test(arguments: [
        // (before, now, who gets it now)
        (["a", "typo"], ["a", "b"], ["b"]), (["typo"], ["b"], ["b"]),
        (["typo"], ["b", "c"], ["b", "c"]), (["a", "typo"], ["a", "typo"], ["typo"]),
        (["a", "typo"], ["a"], []),
    ])
    func `alerts for a mistyped address are sent to the corrected one`(
        before: [String], now: [String], expected: [String]
    ) throws {
        func channel(_ targets: [String], typo: String) -> ScriptChannel {
            let script = """
                cd '\(stage.folder.path)'
                for target in $TARGETS; do
                    test $target = '\(typo)' && continue
                    echo $target >> told
                    echo "ok $target"
                done
                """
            return ScriptChannel(script: script, targets: targets, name: "SMTP")
        }
        do {
            let outbox = stage.open([channel(before, typo: "typo")], spool: stage.spool())
            outbox.post(alert(1))
            stage.finish()
            #expect(outbox.waitingCount == 1)
        }
        let told = stage.text("told").split(separator: "\n").map(String.init)
        run([channel(now, typo: "nobody")]) { $0.waitingCount == 0 && $0.isExhausted }
        let all = stage.text("told").split(separator: "\n").map(String.init)
        #expect(all.dropFirst(told.count).sorted() == expected)
    }

    @Test func `alerts for a removed channel are sent only to the new one of its kind`()
        throws
    {
        stage.touch("down webhook#1")
        let mail = channel("sendmail", "ops")
        do {
            let outbox = stage.open([mail, channel("webhook#1", "x")], spool: stage.spool())
            outbox.post(alert(1))
            stage.run { !numbers("sendmail").isEmpty && outbox.isExhausted }
        }
        run([channel("Slack#9", "s"), mail, channel("webhook#2", "y")]) {
            $0.waitingCount == 0 && $0.isExhausted
        }
        #expect(numbers("webhook#2") == [1])
        #expect(numbers("sendmail") == [1])
        #expect(numbers("Slack#9").isEmpty)
    }

    @Test func `an alert for a corrected route is sent only by that route`() throws {
        func alert(_ number: Int, about name: String) -> Alert {
            let process = ProcessName(group: name, name: name)
            let incident = Incident(
                .exited, at: Timestamp(seconds: 1_700_000_000), to: process, message: "")
            return Alert(
                subject: "", body: "body of \(number)", time: incident.time, incidents: [incident])
        }
        func route(_ name: String, to target: String) -> RoutedChannel {
            RoutedChannel(channel("sendmail", target), recipients: target) {
                $0.process?.name == name
            }
        }
        func others(without name: String) -> RoutedChannel {
            RoutedChannel(channel("sendmail", "ok"), recipients: nil) { $0.process?.name != name }
        }
        stage.touch("down sendmail")
        do {
            let outbox = stage.open(
                [others(without: "app"), route("app", to: "bad")], spool: stage.spool())
            outbox.post(alert(1, about: "app"))
            stage.finish()
            #expect(outbox.waitingCount == 1)
        }
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down sendmail"))
        run([others(without: "app"), route("app", to: "good")]) {
            $0.waitingCount == 0 && $0.isExhausted
        }
        #expect(stage.text("told sendmail") == "good\n")
    }

    @Test func `the order of channels does not affect waiting alerts`() throws {
        stage.touch("down webhook#1")
        let both = [channel("webhook#1", "x"), channel("webhook#2", "x")]
        do {
            let outbox = stage.open(both, spool: stage.spool())
            outbox.post(alert(1))
            stage.run { !numbers("webhook#2").isEmpty && outbox.isExhausted }
        }
        try FileManager.default.removeItem(
            at: stage.folder.appending(path: "down webhook#1"))
        run(both.reversed()) { $0.waitingCount == 0 && $0.isExhausted }
        #expect(numbers("webhook#1") == [1])
        #expect(numbers("webhook#2") == [1])
    }

    @Test func `web channels are identified by their addresses, not by their positions`() {
        func channels(_ urls: [String]) -> [WebChannel] {
            urls.reduce(into: []) { channels, url in
                channels.append(
                    .webhook(
                        WebAddress(url: url, origin: "https://example.org"), fields: [],
                        template: nil, origin: Origin(tool: "crashmail"), authorities: .system,
                        besides: channels))
            }
        }
        let urls = ["https://example.org/geheim1", "https://example.org/geheim2"]
        let forth = channels(urls)
        let back = channels(urls.reversed())
        #expect(forth.map(\.identity) == back.reversed().map(\.identity))
        #expect(Set(forth.map(\.identity)).count == 2)
        #expect(forth.allSatisfy { !$0.identity.contains("geheim") })
    }

    // MARK: Much

    @Test func `thousands of spooled alerts are read in parts and delivered in order`() throws {
        stage.touch("down a")
        leave([channel("a", "x")], 1_300)
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down a"))
        let spool = stage.spool()
        let keys = spool.takeOver()
        #expect(keys.count == 1_300)
        let outbox = stage.open([channel("a", "x")], spool: spool)
        outbox.adopt(keys)
        outbox.begin()
        #expect(outbox.waitingCount == 1_300)
        #expect(outbox.queues.reduce(0) { $0 + $1.waiting.count } <= 1_000)
        // What comes now gets into line behind them, in the spool.
        outbox.post(alert(1_301))
        #expect(outbox.waitingCount == 1_301)
        stage.run { outbox.waitingCount == 0 && outbox.isExhausted }
        #expect(numbers("a") == Array(1...1_301))
        #expect(spool.takeOver().isEmpty)
    }

    @Test func `a channel that is down does not delay spooled alerts of other channels`() throws {
        stage.touch("down a")
        stage.touch("down b")
        let both = [channel("a", "x"), channel("b", "y")]
        leave(both, 1_300)
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down b"))
        let spool = stage.spool()
        let outbox = stage.open(both, spool: spool)
        outbox.adopt(spool.takeOver())
        outbox.begin()
        stage.run { numbers("b").count == 1_300 && outbox.isExhausted }
        outbox.post(alert(1_301))
        stage.run { numbers("b").count == 1_301 && outbox.isExhausted }
        #expect(numbers("b") == Array(1...1_301))
        #expect(outbox.waitingCount == 1_301)
        #expect(outbox.queues.reduce(0) { $0 + $1.waiting.count } <= 600)
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down a"))
        stage.run { outbox.waitingCount == 0 && outbox.isExhausted }
        #expect(Set(numbers("a")) == Set(1...1_301))
        #expect(numbers("b").count == 1_301)
        #expect(spool.takeOver().isEmpty)
    }

    @Test func `a file that is deleted before it is read causes no error`() throws {
        stage.touch("down a")
        leave([channel("a", "x")], 3)
        let spool = stage.spool()
        let keys = spool.takeOver()
        spool.remove(keys[1])
        try FileManager.default.removeItem(at: stage.folder.appending(path: "down a"))
        let outbox = stage.open([channel("a", "x")], spool: spool)
        outbox.adopt(keys)
        outbox.begin()
        stage.run { outbox.waitingCount == 0 && outbox.isExhausted }
        #expect(Set(numbers("a")) == [1, 3])
        #expect(!stage.log.contains("cannot be read"))
    }
}
