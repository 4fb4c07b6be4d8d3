import Foundation
import System
import TestSupport
import Testing

@testable import Alerting

struct LogTests {
    private func written(
        _ format: Log.Format, isQuiet: Bool = false, _ write: (Log) -> Void
    ) throws -> String {
        let directory = try TemporaryDirectory()
        let path = directory.path("log")
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(file) }
        write(
            Log(
                tool: "memmon", listener: "memory:memmon", format: format, isQuiet: isQuiet,
                descriptor: Descriptor(rawValue: file)))
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func `Each line begins with its time, also in texts of several lines`() throws {
        let log = try written(.text) { log in
            log.write(.info, "Checking any=1\nRSS of a:b is 2\n\nend")
            log.report(.info, "ready")
        }
        let lines = log.split(separator: "\n")
        let pattern = #/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}( \S|$)/#
        #expect(lines.allSatisfy { $0.prefixMatch(of: pattern) != nil })
        #expect(
            lines.map { $0.dropFirst(24) } == [
                "Checking any=1", "RSS of a:b is 2", "", "end", "memmon: ready",
            ]
        )
    }

    @Test(arguments: [Log.Format.plain, .text])
    func `A quoted text is no line of the log`(format: Log.Format) throws {
        let log = try written(format) { log in
            log.report(.error, "dropping an alert\nSubject: x\n\nmemmon: error: forged")
        }
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 5)
        #expect(lines[0].hasSuffix("memmon: error: dropping an alert"))
        #expect(lines[1...] == ["\tSubject: x", "", "\tmemmon: error: forged", ""])
    }

    @Test func `A problem has its level, and superlance's lines are as they were`() throws {
        let log = try written(.plain) { log in
            log.report(.info, "delivered")
            log.report(.warning, "not delivered")
            log.report(.error, "dropping")
            log.write(.warning, "Failed to stop")
        }
        #expect(
            log == """
                memmon: delivered
                memmon: warning: not delivered
                memmon: error: dropping
                Failed to stop

                """)
    }

    @Test func `In JSON format, each text has a level`() throws {
        let log = try written(.json) { log in
            log.report(.routine, "delivered")
            log.write(.info, "Restarting a:b")
            log.write(.warning, "Failed to stop")
            log.report(.error, "dropping")
        }
        let objects = try log.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(
            objects.map { $0?["level"] as? String } == ["info", "info", "warning", "error"])
        #expect(objects.last??["message"] as? String == "dropping")
    }

    @Test func `In JSON format, each text is one object on one line`() throws {
        let log = try written(.json) { log in
            log.report(.info, "first\nsecond \"quoted\" \u{1B}[31m")
        }
        #expect(log.split(separator: "\n").count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any]
        #expect(object?["message"] as? String == "first\nsecond \"quoted\" \\u{1B}[31m")
        #expect(object?["tool"] as? String == "memmon")
        #expect(object?["listener"] as? String == "memory:memmon")
        #expect((object?["time"] as? String)?.hasSuffix("Z") == true)
        #expect(object?["pid"] as? Int == Int(getpid()))
    }

    @Test func `A quiet log omits lines that report no problem`() throws {
        let log = try written(.plain, isQuiet: true) { log in
            log.write(.routine, "Checking any=1")
            log.write(.info, "Restarting a:b")
        }
        #expect(log == "Restarting a:b\n")
    }
}
