import Foundation
import System
import Testing

@testable import Listeners

/// What supervisord's log says of a death, in the words of supervisord 4.2.5 and 4.3.0.
@Suite struct SupervisordLogTests {
    private let log = SupervisordLog(
        """
        26-11-20 22:00:00,000 INFO spawned: 'web' with pid 100
        2026-11-20 22:00:00,100 INFO spawned: 'web' with pid 10
        2026-11-20 22:00:00,200 INFO spawned: 'web2' with pid 11
        2026-11-20 22:00:00,300 INFO spawned: 'we' with pid 12
        2026-11-20 22:00:01,300 INFO success: web entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)
        2026-11-20 22:00:04,000 WARN exited: we (exit status 7; not expected)
        2026-11-20 22:00:05,000 INFO exited: web2 (exit status 0; expected)
        2026-11-20 23:01:05,000 WARN exited: web (terminated by SIGSEGV (core dumped); not expected)
        2026-11-20 23:01:06,000 INFO spawned: 'web' with pid 13
        2026-11-20 23:01:08,000 WARN exited: web (terminated by SIGKILL; not expected)
        2026-11-20 23:01:09,000 INFO spawned: 'web' with pid 11
        2026-11-20 23:01:10,000 WARN exited: web (exit status 3; not expected)
        2026-11-20 23:01:10,000 INFO spawned: '网站' with pid 14
        2026-11-20 23:01:12,000 WARN exited: 网站 (terminated by SIGABRT; not expected)
        2026-11-20 23:01:13,000 INFO spawned: 'web' with pid 15
        2026-11-20 23:01:20,000 INFO spawned: 'job' with pid 10
        2026-11-20 23:01:21,000 WARN exited: job (exit status 1; not expected)
        2026-11-20 23:01:22,000 WARN exited: old (exit status 9; not expected)
        2026-11-20 23:01:23,000 INFO spawned: 'two words' with pid 16
        2026-11-20 23:01:23,000 INFO exited: two words (terminated by signal 64; not expected)
        """)

    @Test(
        arguments: [
            ("web", 10, 3_665, nil, "terminated by SIGSEGV (core dumped)"),
            ("web", 13, 2, nil, "terminated by SIGKILL"),
            ("web", 11, 1, 3, nil), ("web2", 11, 5, 0, nil), ("we", 12, 4, 7, nil),
            ("网站", 14, 2, nil, "terminated by SIGABRT"), ("job", 10, 1, 1, nil),
            ("two words", 16, 0, nil, "terminated by signal 64"),
        ] as [(String, Int, Int, Int?, String?)])
    func `A death is found by name and pid`(
        _ name: String, _ pid: Int, _ uptime: Int, _ status: Int?, _ signal: String?
    ) {
        #expect(
            log.death(of: name, pid: pid)
                == SupervisordLog.Death(exitStatus: status, signal: signal, uptime: uptime))
    }

    @Test(
        arguments: [
            ("terminated by SIGKILL", 137), ("terminated by signal 64", 192),
            ("terminated by SIGSEGV (core dumped)", 139), ("terminated by signal 65", nil),
            ("terminated by signal 2147483647", nil), ("terminated by signal -2147483648", nil),
            ("terminated by signal 0", nil), ("terminated by \u{301}SIGKILL", nil),
        ] as [(String, Int32?)])
    func `A signal has the status that shells give it, and any other number has none`(
        _ signal: String, _ status: Int32?
    ) {
        #expect(SupervisordLog.Death(signal: signal).status == status)
    }

    @Test(arguments: [("web", 15), ("old", 9), ("web", 1), ("web", 1_000), ("eb", 10), ("", 10)])
    func `A process without a start or end in the log is unknown`(_ name: String, _ pid: Int) {
        #expect(log.death(of: name, pid: pid) == nil)
    }

    @Test func `A reused pid is that of the last process`() {
        let log = SupervisordLog(
            """
            2026-11-20 22:00:00,000 INFO spawned: 'web' with pid 10
            2026-11-20 22:00:01,000 WARN exited: web (exit status 1; not expected)
            2026-11-20 22:00:02,000 INFO spawned: 'web' with pid 10
            2026-11-20 22:00:05,000 WARN exited: web (exit status 2; not expected)
            """)
        #expect(
            log.death(of: "web", pid: 10)
                == SupervisordLog.Death(exitStatus: 2, signal: nil, uptime: 3))
    }

    @Test func `A running process does not get its predecessor's death`() {
        let log = SupervisordLog(
            """
            2026-11-20 22:00:00,000 INFO spawned: 'web' with pid 10
            2026-11-20 22:00:01,000 INFO spawned: 'web' with pid 11
            2026-11-20 22:00:02,000 WARN exited: web (exit status 1; not expected)
            """)
        #expect(log.death(of: "web", pid: 11)?.exitStatus == 1)
        #expect(log.death(of: "web", pid: 10) == nil)
    }

    /// A moment of the log, in local time as there.
    private func moment(_ text: String) throws -> Timestamp {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        let components = DateComponents(
            year: 2026, month: 11, day: 20, hour: parts[0], minute: parts[1], second: parts[2])
        let date = try #require(Calendar(identifier: .gregorian).date(from: components))
        return Timestamp(seconds: Int(date.timeIntervalSince1970))
    }

    @Test func `An exit is found without its start if no other one has its time`() throws {
        let time = try moment("23:01:22")
        #expect(log.onlyDeath(of: "old", before: time)?.exitStatus == 9)
        #expect(log.onlyDeath(of: "old", before: Timestamp(seconds: time.seconds - 1)) == nil)
        #expect(log.onlyDeath(of: "old", before: Timestamp(seconds: time.seconds + 11)) == nil)
        #expect(log.onlyDeath(of: "web", before: try moment("23:01:10")) == nil)
        #expect(log.onlyDeath(of: "nobody", before: time) == nil)
    }

    @Test func `Starts after an exit are counted wherever the log begins`() throws {
        let first = try moment("23:01:05")
        #expect(log.restarts(of: "web", after: 10, before: first)?.count == 3)
        let next = try moment("23:01:06")
        #expect(log.restarts(of: "web", after: 10, before: first)?.first == next)
        #expect(log.restarts(of: "web", after: 11, before: try moment("23:01:10"))?.count == 1)
        #expect(log.restarts(of: "old", after: 9, before: try moment("23:01:22")) == [])
        #expect(log.restarts(of: "nobody", after: 9, before: first) == nil)
        // It still runs.
        #expect(log.restarts(of: "web", after: 15, before: try moment("23:01:20")) == nil)
    }

    @Test func `What FATAL programs ended with is in the line before`() {
        let log = SupervisordLog(
            """
            2026-11-20 22:00:00,000 INFO spawned: 'web' with pid 10
            2026-11-20 22:00:01,000 WARN exited: web (exit status 1; not expected)
            2026-11-20 22:00:02,000 INFO spawned: 'web' with pid 11
            2026-11-20 22:00:02,000 WARN exited: web2 (exit status 2; not expected)
            2026-11-20 22:00:02,100 WARN exited: web (exit status 7; not expected)
            2026-11-20 22:00:03,000 INFO gave up: web entered FATAL state, too many start retries too quickly
            2026-11-20 22:00:04,000 INFO spawned: 'web' with pid 12
            2026-11-20 22:00:05,000 WARN exited: web (exit status 3; not expected)
            """)
        #expect(log.deathBeforeFatal(of: "web")?.exitStatus == 7)
        #expect(log.deathBeforeFatal(of: "web2") == nil)
    }

    @Test(arguments: [
        "", "\n\n", "\u{0}\u{1B}[31m", "spawned: 'web' with pid 10", " exited: web (",
    ])
    func `An empty or invalid log has no deaths`(_ text: String) {
        #expect(SupervisordLog(text).death(of: "web", pid: 10) == nil)
    }

    /// With loglevel=debug the output of all programs is in the log.
    private static func log(lines: [String]) -> SupervisordLog {
        SupervisordLog(lines.map { "2026-11-20 22:00:0\($0)" }.joined(separator: "\n"))
    }

    @Test(arguments: [
        // Its own output, before its end.
        [
            "3,000 INFO exited: web (exit status 0; expected)",
            "4,000 WARN exited: web (exit status 7; x)",
        ],
        // Another program's output, after it.
        [
            "3,000 WARN exited: web (exit status 7; x)",
            "4,000 INFO exited: web (exit status 0; expected)",
        ],
        [
            "3,000 WARN exited: web (exit status 7; x)", "4,000 INFO spawned: 'web' with pid 10",
            "5,000 INFO exited: web (exit status 0; expected)",
        ],
    ])
    func `the output of programs in the log is no source`(ends: [String]) {
        let start = ["1,000 INFO spawned: 'web' with pid 10"]
        let output = ["2,000 DEBG 'web' stdout output:"]
        let next = ["6,000 INFO spawned: 'web' with pid 11"]
        let forged = Self.log(lines: start + output + ends + next)
        #expect(forged.death(of: "web", pid: 10) == nil)
        let gaveUp = ["7,000 INFO gave up: web entered FATAL state, too many start retries"]
        #expect(
            Self.log(
                lines: start + output + [ends[0], ends[1].contains("exited") ? ends[1] : ends[2]]
                    + gaveUp
            ).deathBeforeFatal(of: "web") == nil)
    }

    @Test func `the end of a process is found among the output of programs`() {
        let log = Self.log(lines: [
            "1,000 INFO spawned: 'web' with pid 10", "2,000 DEBG 'web' stdout output:",
            "2,000 INFO exited: app (exit status 0; expected)",
            "3,000 WARN exited: web (exit status 7; not expected)",
            "6,000 INFO spawned: 'web' with pid 11",
        ])
        #expect(log.death(of: "web", pid: 10) == .init(exitStatus: 7, signal: nil, uptime: 2))
    }

    @Test func `The log has the moments at which a process was stopped on request`() {
        let log = SupervisordLog(
            """
            2026-11-20 22:00:00,100 INFO spawned: 'web' with pid 10
            2026-11-20 22:00:01,200 WARN stopped: web (terminated by SIGTERM)
            2026-11-20 22:00:02,300 INFO stopped: web2 (exit status 0)
            2026-11-20 22:00:03,400 WARN exited: web (exit status 1; not expected)
            2026-11-20 22:00:04,500 INFO stopped: web (exit status 0)
            """)
        #expect(log.stops(of: "web") == ["2026-11-20 22:00:01,200", "2026-11-20 22:00:04,500"])
        #expect(log.stops(of: "we").isEmpty)
    }
}
