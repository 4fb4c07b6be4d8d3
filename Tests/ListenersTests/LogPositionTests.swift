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

    @Test func `only a regular file has a position`() {
        for path in ["/dev/null", "/nonexistent", directory.path, ""] {
            #expect(LogPosition(path) == nil)
        }
    }
}
