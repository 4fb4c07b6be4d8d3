// Where the lines of one process begin in its log.

import Foundation
import System
import TestSupport
import Testing

@testable import Listeners
@testable import SupervisorRPC

@Suite struct LogBeginTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let now = Timestamp.now.seconds

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("log", "a\n")
        path = directory.path("log")
    }

    private func mark(_ time: Int) -> LogBegin.Mark {
        let position = LogPosition(path).map { [path: $0] }
        return LogBegin.Mark(time: Timestamp(seconds: time), positions: position ?? [:])
    }

    private func words(_ begin: LogBegin) -> String {
        switch begin.place(in: path) {
        case .exactly(let position, _): position == nil ? "the file" : "the end of the previous one"
        case .before(let position): position == nil ? "unknown" : "before the list"
        }
    }

    @Test func `it is the end of the process that was restarted`() {
        let restarted = LogBegin(started: now + 1, previous: mark(now), later: nil)
        #expect(words(restarted) == "the end of the previous one")
        // Somebody may have started and stopped another one in between.
        let late = LogBegin(started: now + 100, previous: mark(now), later: nil)
        #expect(words(late) == "unknown")
    }

    @Test func `it is the end of the previous one, however much later the next was started`() {
        let late = LogBegin(started: now + 101, previous: mark(now), next: now + 100, later: nil)
        #expect(words(late) == "the end of the previous one")
    }

    @Test(arguments: [(-1, false, false), (0, false, true), (1, true, false), (2, true, true)])
    func `an end that is found after the start of the next process may have lines of that`(
        milliseconds: Int, isPrompt: Bool, isLate: Bool
    ) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(now))], ofItemAtPath: path)
        let position = try #require(LogPosition(path))
        for (start, isLate) in [(5, isLate), (500, false)] {
            let mark = LogBegin.Mark(
                time: Timestamp(seconds: now, milliseconds: start + milliseconds),
                positions: [path: position], isPrompt: isPrompt)
            let begin = LogBegin(
                started: now, previous: mark,
                exactStart: Timestamp(seconds: now, milliseconds: start), later: nil)
            #expect(words(begin) == (isLate ? "before the list" : "the end of the previous one"))
        }
    }

    @Test func `it is the begin of a file that is not older than the process`() {
        #expect(words(LogBegin(started: now, previous: nil, later: nil)) == "the file")
    }

    @Test func `otherwise only the lines after the list are certain`() {
        let listed = LogBegin(started: now + 100, previous: nil, later: mark(now + 200))
        #expect(words(listed) == "before the list")
        let older = LogBegin(started: now + 100, previous: nil, later: mark(now))
        #expect(words(older) == "unknown")
        #expect(words(LogBegin(started: nil, previous: mark(now), later: nil)) == "unknown")
    }

    @Test func `a worker reports the ends of logs unchanged`() {
        var info = SupervisedProcess(name: "web", group: "site")
        info.stdoutLogfile = path
        info.stderrLogfile = "AUTO"
        let record = LogEndRecord(info)
        #expect(record.mark.positions.keys.sorted() == [path])
        let parsed = LogEndRecord(fields: record.fields)
        #expect(parsed?.mark == record.mark)
        #expect(parsed?.process == info.processName)
        for count in [0, 2, 3, 6] {
            #expect(LogEndRecord(fields: Array(record.fields.prefix(count))) == nil)
        }
    }
}
