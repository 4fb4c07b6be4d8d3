import Foundation
import TestSupport
import Testing

/// Common mistakes of operators, and the log lines about them.
struct OperatorTests {
    @Test func `Each log line has its time, and the first one shows what is watched and alerted`()
        throws
    {
        let running = try RunningTool.ready(
            .crashmail, ["-p", "web", "-m", "ops@example.org", "-s", "/bin/true"])
        try running.handle(.supervisor("RUNNING"))
        #expect(try running.finish() == .exited(0))
        let log = running.process.standardError
        let pattern = #/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /#
        #expect(log.split(separator: "\n").allSatisfy { $0.prefixMatch(of: pattern) != nil })
        #expect(
            log.contains("started: watching web; sending alerts by sendmail to ops@example.org\n"))
    }

    @Test func `A log as JSON has an object on each line`() throws {
        let running = try RunningTool.ready(
            .crashmail, ["--log-format", "json", "stray"])
        #expect(try running.finish() == .exited(0))
        let objects = try running.process.standardError.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(objects.map { $0?["level"] as? String } == ["info", "warning"])
        for object in objects {
            #expect(object?["tool"] as? String == "crashmail")
            #expect(object?["pid"] as? Int == Int(running.process.pid))
        }
    }

    @Test func `A misspelt variable is reported with the right one`() throws {
        let running = try RunningTool.ready(
            .crashmail, [], environment: ["SUPERLANCE_EMIAL": "geheim@example.org"])
        #expect(try running.finish() == .exited(0))
        #expect(
            running.wholeLog.contains(
                "crashmail: warning: unknown variable SUPERLANCE_EMIAL; did you mean SUPERLANCE_EMAIL?"
            ))
        #expect(!running.wholeLog.contains("geheim"))
    }

    @Test func `A name that matches no process is reported once, on the first tick`() throws {
        let supervisord = try XMLRPCServer(.unix, [.init("web", group: "site", pid: 0)])
        let running = try RunningTool(
            .memmon, ["-p", "wbe=400MB", "-g", "site=1GB", "-g", "sites=1GB"],
            serverURL: supervisord.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        try running.waitForError("-p wbe matches no process")
        try running.waitForError("-g sites matches no group")
        try running.handle(.tick(5))
        #expect(try running.finish() == .exited(0))
        #expect(!running.wholeLog.contains("-g site matches"))
        #expect(running.wholeLog.components(separatedBy: "-p wbe matches").count == 2)
    }

    @Test func `A limit without its unit is reported`() throws {
        let running = try RunningTool.ready(.memmon, ["-p", "app=400"])
        #expect(try running.finish() == .exited(0))
        #expect(
            running.wholeLog.contains(
                "-p app=400 is a limit in bytes: add a unit, such as MB"))
    }

    @Test func `A usage error under supervisord repeats at most about once a second`() throws {
        let running = try RunningTool(.httpok, ["-t", "5zz", "http://localhost/"])
        let begin = Date()
        #expect(try running.process.waitForExit() == .exited(64))
        // Not a measurement: without the pause it takes some milliseconds.
        #expect(Date().timeIntervalSince(begin) > 0.5)
        #expect(running.wholeLog.contains("-t requires a time"))
    }
}
