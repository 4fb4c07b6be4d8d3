// Where the lines of one process begin in its log.

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
        return LogBegin.Mark(time: time, positions: position ?? [:])
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
        let previous = mark(now).moved(to: now + 100)
        let late = LogBegin(started: now + 101, previous: previous, later: nil)
        #expect(words(late) == "the end of the previous one")
        #expect(previous.moved(to: now).time == now + 100)
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
        var info = ProcessInfo(name: "web", group: "site")
        info.stdoutLogfile = path
        info.stderrLogfile = "AUTO"
        let record = LogEndRecord(info)
        #expect(record.mark.positions.keys.sorted() == [path])
        let parsed = LogEndRecord(fields: record.fields)
        #expect(parsed?.mark == record.mark)
        #expect(parsed?.process == info.processName)
        for count in [0, 2, 4, 6] {
            #expect(LogEndRecord(fields: Array(record.fields.prefix(count))) == nil)
        }
    }
}
