import Foundation
import TestSupport
import Testing

@testable import Listeners

/// The last lines of whatever a log may be.
@Suite struct LogTailTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func lines(_ bytes: some Sequence<UInt8>, _ count: Int = 3) throws -> [String]? {
        try Data(bytes).write(to: URL(fileURLWithPath: directory.path("log")))
        guard case .lines(let lines) = LogTail.read(directory.path("log"), count: count) else {
            return nil
        }
        return lines
    }

    @Test(
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]),
            ("a\nb\nc\nd\n", ["b", "c", "d"]), ("a\r\nb\r\n", ["a", "b"]),
            ("a\n\n\n", ["a", "", ""]),
            ("网站\n崩溃", ["网站", "崩溃"]), ("a\rb\n", ["a\rb"]), ("a\u{0}b\n", ["a\u{0}b"]),
        ] as [(String, [String])])
    func `The last lines of a file, with an end or without`(_ text: String, _ expected: [String])
        throws
    {
        #expect(try lines(text.utf8) == expected)
    }

    @Test func `The end of an endless character is returned`() throws {
        let found = try #require(
            try lines(("a" + String(repeating: "\u{301}", count: 5_000)).utf8))
        #expect(found.map { $0.unicodeScalars.count } == [1_000])
    }

    @Test func `Zero lines are none`() throws {
        #expect(try lines("a\nb\n".utf8, 0) == [])
    }

    @Test func `Invalid UTF-8 is replaced`() throws {
        let found = try #require(try lines([0x61, 0xFF, 0xFE, 0x0A, 0xC3, 0x0A]))
        #expect(found == ["a\u{FFFD}\u{FFFD}", "\u{FFFD}"])
    }

    @Test func `The end of a huge line is returned`() throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 500_000) + Array("end".utf8)
        let found = try #require(try lines(bytes))
        #expect(found.count == 1)
        // Its begin is not read.
        #expect(found[0].hasPrefix(" \u{2026} xxx") && found[0].hasSuffix("xend"))
        #expect(found[0].count <= 1_000)
    }

    @Test func `The begin and the end of a long line are returned, with a mark between`() throws {
        let text = String(repeating: "x", count: 2_000)
        let found = try #require(try lines("short\nERROR \(text) cause\nend\n".utf8))
        #expect(found.first == "short" && found.last == "end")
        #expect(found[1].count == 1_000)
        #expect(found[1].hasPrefix("ERROR xxx") && found[1].hasSuffix("xxx cause"))
        #expect(found[1].contains("x \u{2026} x"))
        let exact = String(repeating: "y", count: 1_000)
        #expect(try lines("\(exact)\n".utf8) == [exact])
    }

    @Test func `A long file is read partially, and no partial line is returned`() throws {
        let text = (0..<200_000).map { "line \($0)\n" }.joined()
        let found = try #require(try lines(text.utf8, 100_000))
        #expect(found.last == "line 199999")
        #expect(found.count < 10_000)
        #expect(found.allSatisfy { $0.wholeMatch(of: /line \d{6}/) != nil })
    }

    @Test func `Random bytes are accepted`() throws {
        let bytes = (0..<100_000).map { _ in UInt8.random(in: .min ... .max) }
        #expect(try #require(try lines(bytes, 1_000)).allSatisfy { $0.count <= 1_000 })
    }

    @Test func `A file that is not regular is not read`() throws {
        #expect(mkfifo(directory.path("fifo"), 0o600) == 0)
        for path in [directory.path("fifo"), directory.path] {
            #expect(LogTail.read(path, count: 3) == .refused("it is not a regular file"))
        }
        for path in ["/dev/zero", "/dev/null"] {
            #expect(LogTail.read(path, count: 3) == .none(mayBeAsked: false))
        }
        #expect(LogTail.read(directory.path("missing"), count: 3) == .none(mayBeAsked: true))
        #expect(chmod(directory.path, 0o777) == 0)
        #expect(
            LogTail.read(directory.path("missing"), count: 3) == .refused("there is no such file"))
    }

    @Test func `A log that was renamed without a new one in its place is found`() throws {
        try directory.write("app.log", "first\n")
        let path = directory.path("app.log")
        let known = try #require(LogPosition(path))
        try FileManager.default.moveItem(atPath: path, toPath: "\(path).1")
        // supervisord goes on writing to it.
        try directory.write("app.log.2", "other\n")
        let file = try #require(FileHandle(forWritingAtPath: "\(path).1"))
        try file.seekToEnd()
        try file.write(contentsOf: Data("last words\n".utf8))
        try file.close()
        #expect(LogTail.read(path, count: 3, known: known) == .lines(["first", "last words"]))
        #expect(LogTail.read(path, count: 3) == .none(mayBeAsked: true))
        #expect(LogTail.newName(of: path, known) == "app.log.1")
        try directory.write("app.log", "new\n")
        #expect(LogTail.newName(of: path, known) == nil)
    }

    @Test func `A log that was emptied when its process died was written to`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("app.log", "last words\n")
        let path = directory.path("app.log")
        let start = Int(Date.now.timeIntervalSince1970)
        let file = try #require(FileHandle(forWritingAtPath: path))
        // Later than its creation, as the times of files are compared in seconds.
        Thread.sleep(forTimeInterval: 1.1)
        try file.truncate(atOffset: 0)
        let position = try #require(LogPosition(path))
        try file.write(contentsOf: Data("the next process\n".utf8))
        try file.close()
        #expect(position.wasEmptied(since: start, in: path))
        #expect(!position.wasEmptied(since: start + 60, in: path))
        #expect(LogPosition(path)?.wasEmptied(since: start, in: path) == false)
    }

    private func append(_ text: String) throws {
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.path("log")))
        try log.seekToEnd()
        try log.write(contentsOf: Data(text.utf8))
    }

    @Test func `Lines before the begin are omitted, unless the log was emptied since`() throws {
        try directory.write("log", "a\nb\n")
        let path = directory.path("log")
        let begin = try #require(LogPosition(path))
        #expect(LogTail.read(path, count: 3, after: begin) == .lines([]))
        try append("c\nd\n")
        #expect(LogTail.read(path, count: 3, after: begin) == .lines(["c", "d"]))
        let end = try #require(LogPosition(path))
        try append("e\n")
        #expect(LogTail.read(path, count: 3, before: end, after: begin) == .lines(["c", "d"]))
        try directory.write("log", "e\n")
        #expect(LogTail.read(path, count: 3, after: begin) == .lines(["e"]))
    }

    @Test func `A relative path is relative to supervisord's directory`() throws {
        try directory.write("log", "a\nb\n")
        #expect(LogTail.read("log", count: 1, folder: directory.path) == .lines(["b"]))
        #expect(
            LogTail.read("log", count: 1, folder: nil)
                == .refused("its path is relative to an unknown directory"))
    }

    @Test func `A log that a program has replaced with a link is rejected`() throws {
        try directory.write("secret", "top secret")
        #expect(chmod(directory.path, 0o777) == 0)
        #expect(symlink(directory.path("secret"), directory.path("log")) == 0)
        #expect(
            LogTail.read(directory.path("log"), count: 3)
                == .refused(
                    "'log' in its path is a symbolic link that another user may have made"))
    }
}
