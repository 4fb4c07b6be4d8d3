import Foundation
import TestSupport
import Testing

@testable import Listeners

/// What is shown of a log when the next process writes to it already.
@Suite struct LogPositionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path("log") }

    private func append(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func position(_ text: String) throws -> LogPosition {
        try directory.write("log", text)
        return try #require(LogPosition(path))
    }

    @Test func `lines behind the position are the next process's`() throws {
        let position = try position("one\npanic\n")
        try append((1...1_000).map { "start \($0)\n" }.joined())
        #expect(LogTail.read(path, count: 3, before: position) == .lines(["one", "panic"]))
    }

    @Test func `of a long log the lines before the position are read`() throws {
        let position = try position((1...20_000).map { "line \($0)\n" }.joined())
        try append(String(repeating: "x", count: 300_000))
        #expect(
            LogTail.read(path, count: 2, before: position) == .lines(["line 19999", "line 20000"]))
    }

    @Test func `a log that was empty has no lines`() throws {
        let position = try position("")
        try append("start\n")
        #expect(LogTail.read(path, count: 3, before: position) == .lines([]))
    }

    @Test(arguments: [1, 2, 3])
    func `after rotations the older file is read`(_ number: Int) throws {
        let position = try position("one\npanic\n")
        try append("last of it\n")
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
        try directory.write("log", "start\nthe next process's line\n")
        #expect(LogTail.read(path, count: 3, before: position) == .lines(["one", "panic"]))
    }

    @Test func `of a log that was emptied nothing is shown`() throws {
        let position = try position("one\npanic\n")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 0)
        try file.close()
        try append("start\n")
        #expect(LogTail.read(path, count: 3, before: position) == .refused(LogTail.emptied))
    }

    @Test func `a log whose file was deleted is not shown`() throws {
        let position = try position("one\npanic\n")
        try FileManager.default.moveItem(atPath: path, toPath: "\(path)-20261121")
        try directory.write("log", "start\n")
        #expect(LogTail.read(path, count: 3, before: position) == .refused(LogTail.rotated))
    }

    /// supervisord renames a log as soon as it is too large, in the middle of a trace.
    @Test(arguments: [
        ("ic\n", ["a", "b", "panic"], ["a", "b", "panic"]),
        ("ic\nend\n", ["b", "panic", "end"], ["a", "b", "panic", "end"]),
        ("", ["a", "b", "pan"], ["a", "b", "pan"]),
    ])
    func `what is missing was written before the rotation`(
        _ rest: String, _ lines: [String], _ all: [String]
    ) throws {
        let begin = try position("old\n")
        let now = Int(Date.now.timeIntervalSince1970)
        try append("a\nb\npan")
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).1")
        try directory.write("log", rest)
        #expect(
            LogTail.read(path, count: 3, after: begin, continuing: .init(start: now))
                == .lines(lines))
        // Nothing before its start.
        let found = LogTail.read(
            path, count: 9, after: begin, continuing: .init(start: now, includesOlder: true))
        #expect(found == .lines(all))
    }

    @Test func `a rotated file that is older than the process has no lines of it`() throws {
        let later = Int(Date.now.timeIntervalSince1970) + 100
        try directory.write("log.1", "old\n")
        try directory.write("log", "new\n")
        for includesOlder in [false, true] {
            let rotations = LogTail.Rotations(start: later, includesOlder: includesOlder)
            #expect(LogTail.read(path, count: 3, continuing: rotations) == .lines(["new"]))
        }
        let earlier = LogTail.Rotations(start: later - 100)
        #expect(LogTail.read(path, count: 3, continuing: earlier) == .lines(["old", "new"]))
    }

    @Test func `only a regular file has a position`() {
        for path in ["/dev/null", "/nonexistent", directory.path, ""] {
            #expect(LogPosition(path) == nil)
        }
    }
}
