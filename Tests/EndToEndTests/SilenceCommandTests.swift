// superlance silence and superlance status.

import Foundation
import TestSupport
import Testing

@Suite struct SilenceCommandTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func run(_ words: String...) throws -> (output: String, error: String, status: Ending) {
        let child = try ChildProcess(
            [Tool.superlance] + words,
            environment: ChildProcess.environment(adding: [
                "SUPERLANCE_SILENCE": folder.path("silence")
            ]))
        child.closeInput()
        let output = String(decoding: try child.readToEnd(), as: UTF8.self)
        return (output, child.standardError, try child.waitForExit())
    }

    @Test func `it writes a line with pattern, end and user, and removes it`() throws {
        #expect(try run("silence", "web:*", "30m").status == .exited(0))
        #expect(try run("silence", "db", "1h").output.hasPrefix("db is silenced until "))
        #expect(try run("silence", "web:*", "2h").status == .exited(0))
        let lines = folder.read("silence").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].contains(/^web:\* until \d{4}-\d\d-\d\dT\S+ by \S+$/))
        #expect(try run("silence", "--end", "db").output == "db is no longer silenced\n")
        #expect(try run("silence", "--end", "db").status == .exited(1))
        #expect(try run("silence", "--end").status == .exited(0))
        // An empty file would silence everything.
        #expect(!FileManager.default.fileExists(atPath: folder.path("silence")))
    }

    @Test(arguments: [
        ["web"], [], ["web", "25h"], ["web", "0"], ["web", "soon"], ["", "1h"], ["a b", "1h"],
        ["--end", "a", "b"], ["--nosuch"],
    ])
    func `a usage error has status 64 and one line`(words: [String]) throws {
        let child = try ChildProcess(
            [Tool.superlance, "silence"] + words,
            environment: ChildProcess.environment(adding: [
                "SUPERLANCE_SILENCE": folder.path("silence")
            ]))
        #expect(try child.waitForExit() == .exited(64))
        #expect(child.standardError.hasPrefix("superlance silence: "))
        #expect(child.standardError.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path("silence")))
    }

    @Test func `superlance without a command shows what it is`() throws {
        let bare = try ChildProcess([Tool.superlance])
        #expect(try bare.waitForExit() == .exited(64))
        #expect(bare.standardError.hasPrefix("usage: superlance COMMAND"))
        #expect(try run("--help").output == bare.standardError)
        #expect(try run("nosuch").error.contains("unknown command 'nosuch'"))
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `status shows the state of the listeners`(_ version: Supervisord.Version) throws {
        let metrics = try TemporaryDirectory()
        let supervisord = try Supervisord(
            version,
            [
                .program("web", "false", ["startretries": "0"]),
                .listener(
                    .crashmail, "--metrics \(metrics.path)", events: "PROCESS_STATE,TICK_5"),
            ])
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        let configuration = supervisord.directory.path("supervisord.conf")
        var report = ""
        try eventually("the metrics, there are: \(report)") {
            report = try run("status", "-c", configuration, "--metrics", metrics.path).output
            return report.contains("crashmail: last event ")
        }
        #expect(report.contains("supervisord: running, 2 processes, 1 FATAL"))
        #expect(report.contains("  web is FATAL: "))
        #expect(
            try run("status", "-c", configuration, "--metrics", metrics.path).status == .exited(1))
        try supervisord.call("supervisor.stopProcess", "crashmail")
        try supervisord.stop()
    }
}
