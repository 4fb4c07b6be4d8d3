import Foundation
import TestSupport
import Testing

@testable import Listeners

/// What is shown of a log when the next process writes to it already.
@Suite struct LogMarkTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path("log") }

    private func append(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func mark(_ text: String) throws -> LogMark {
        try directory.write("log", text)
        return try #require(LogMark(path))
    }

    @Test func `lines behind the mark are the next process's`() throws {
        let mark = try mark("one\npanic\n")
        try append((1...1_000).map { "start \($0)\n" }.joined())
        #expect(LogTail.read(path, count: 3, before: mark) == .lines(["one", "panic"]))
    }

    @Test func `of a long log the lines before the mark are read`() throws {
        let mark = try mark((1...20_000).map { "line \($0)\n" }.joined())
        try append(String(repeating: "x", count: 300_000))
        #expect(LogTail.read(path, count: 2, before: mark) == .lines(["line 19999", "line 20000"]))
    }

    @Test func `a log that was empty has no lines`() throws {
        let mark = try mark("")
        try append("start\n")
        #expect(LogTail.read(path, count: 3, before: mark) == .lines([]))
    }

    @Test(arguments: [1, 2, 3])
    func `after rotations the older file is read`(_ number: Int) throws {
        let mark = try mark("one\npanic\n")
        try append("last of it\n")
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
        try directory.write("log", "start\nthe next process's line\n")
        #expect(LogTail.read(path, count: 3, before: mark) == .lines(["one", "panic"]))
    }

    @Test func `of a log that was emptied nothing is shown`() throws {
        let mark = try mark("one\npanic\n")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 0)
        try file.close()
        try append("start\n")
        #expect(LogTail.read(path, count: 3, before: mark) == .refused(LogTail.emptied))
    }

    @Test func `of a log whose file is gone nothing is shown`() throws {
        let mark = try mark("one\npanic\n")
        try FileManager.default.moveItem(atPath: path, toPath: "\(path)-20261121")
        try directory.write("log", "start\n")
        #expect(LogTail.read(path, count: 3, before: mark) == .refused(LogTail.rotated))
    }

    @Test func `what is no file has no mark`() {
        for path in ["/dev/null", "/nonexistent", directory.path, ""] {
            #expect(LogMark(path) == nil)
        }
    }
}
