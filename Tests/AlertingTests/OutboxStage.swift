// An outbox under test, with a shell script for a channel.

import EventLoop
import Foundation
import System

@testable import Alerting

/// A channel that runs a script with the targets in `$TARGETS` and the alert on its input.
///
/// The script says of each target `ok`, `no` (refused), `mend` (blocked) or `big` (too
/// large) or `full` (perhaps too large), or of all `over` with the server's limit, and of those it does not name that they are to be tried again.
struct ScriptChannel: Channel {
    let script: String
    var targets = ["all"]
    var deadline = Duration.seconds(20)
    var name = "script"
    var tracksResolution = false
    var isMail = true

    func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        let line = "TARGETS='\(targets.joined(separator: " "))'\n\(script)"
        let input = Array("\(parcel.digest.text)\n".utf8)
        return Attempt(
            program: .shell(line), input: input, deadline: deadline, size: input.count
        ) { report in
            let words = String(decoding: report.output, as: UTF8.self)
            var statuses: [String: DeliveryStatus] = [:]
            for target in targets {
                if words.contains("ok \(target)\n") {
                    statuses[target] = .accepted
                } else if words.contains("no \(target)\n") {
                    statuses[target] = .refused("no such target \(target)")
                } else if words.contains("mend \(target)\n") {
                    statuses[target] = .blocked("locked at \(words.count); check the key")
                } else if words.contains("big \(target)\n") {
                    statuses[target] = .tooLarge("too much")
                } else if let match = words.firstMatch(of: /over (\d+)\n/) {
                    statuses[target] = .tooLarge("too much", limit: Int(match.1))
                } else if words.contains("full \(target)\n") {
                    statuses[target] = .tooLarge("no room", isCertain: false)
                } else {
                    statuses[target] = .later("not now")
                }
            }
            return statuses
        }
    }
}

/// An outbox with a folder for its script and its log, and a clock that need not be waited for.
final class OutboxStage {
    let folder: URL
    let loop: PollLoop
    let clock = ManualClock()
    private let logFile: URL
    private var outbox: Outbox?

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        logFile = folder.appending(path: "log")
        loop = try PollLoop()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var logger: Log {
        let descriptor = Glibc.open(
            logFile.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        return Log(tool: "tool", descriptor: Descriptor(rawValue: descriptor))
    }

    /// The spool, as the next run of the listener finds it: the outbox before it has ended.
    func spool() -> Spool {
        outbox = nil
        return Spool(directory: folder.path + "/spool", listener: "tool", log: logger)
    }

    func open(
        _ channels: [any Channel], confirms: Bool = false, spool: Spool? = nil
    ) -> Outbox {
        let outbox = Outbox(
            channels: channels, loop: loop, log: logger, confirms: confirms, spool: spool,
            clock: clock.alarmClock, generator: NoChance())
        self.outbox = outbox
        return outbox
    }

    /// Runs the loop until something holds, or for five minutes: instrumented code is slow.
    ///
    /// Whenever nothing is under way the clock goes on to the next alarm.
    func run(until holds: @escaping () -> Bool) {
        let end = loop.after(.seconds(300)) { [loop] in loop.stop() }
        func look() {
            guard !holds() else { return loop.stop() }
            if outbox?.isExhausted == true { clock.ring() }
            loop.after(.milliseconds(2), handler: look)
        }
        // Within the loop, which forgets what stopped it before it ran.
        loop.after(.zero, handler: look)
        loop.run()
        loop.cancel(end)
    }

    /// Runs the loop until nothing is under way, without the clock going on.
    func finish() {
        let end = loop.after(.seconds(300)) { [loop] in loop.stop() }
        func look() {
            guard outbox?.isExhausted == false else { return loop.stop() }
            loop.after(.milliseconds(2), handler: look)
        }
        loop.after(.zero, handler: look)
        loop.run()
        loop.cancel(end)
    }

    var log: String { text("log") }

    func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// How often a text occurs in a file.
    func count(_ words: String, in name: String) -> Int {
        text(name).components(separatedBy: words).count - 1
    }

    func touch(_ name: String) {
        _ = FileManager.default.createFile(
            atPath: folder.appending(path: name).path, contents: nil)
    }

    /// A script that keeps each delivery in `sent`, after anything else.
    func keeping(_ first: String = "") -> String {
        """
        cd '\(folder.path)'
        \(first)
        { cat; echo ---; } >> sent
        for target in $TARGETS; do echo "ok $target"; done
        """
    }
}
