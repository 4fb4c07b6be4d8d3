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

    @Test func `Each line begins with its time, including each line of a text`() throws {
        let log = try written(.text) { log in
            log.write("Checking any=1\nRSS of a:b is 2")
            log.report("ready")
        }
        let lines = log.split(separator: "\n")
        let pattern = #/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /#
        #expect(lines.allSatisfy { $0.prefixMatch(of: pattern) != nil })
        #expect(
            lines.map { $0.dropFirst(24) } == [
                "Checking any=1", "RSS of a:b is 2", "memmon: ready",
            ]
        )
    }

    @Test func `In JSON format, each text is one object on one line`() throws {
        let log = try written(.json) { log in log.report("first\nsecond \"quoted\" \u{1B}[31m") }
        #expect(log.split(separator: "\n").count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: String]
        #expect(object?["message"] == "first\nsecond \"quoted\" \\u{1B}[31m")
        #expect(object?["tool"] == "memmon")
        #expect(object?["listener"] == "memory:memmon")
        #expect(object?["time"]?.hasSuffix("Z") == true)
    }

    @Test func `A quiet log omits lines that report no problem`() throws {
        let log = try written(.plain, isQuiet: true) { log in
            log.write("Checking any=1", isRoutine: true)
            log.write("Restarting a:b")
        }
        #expect(log == "Restarting a:b\n")
    }
}
