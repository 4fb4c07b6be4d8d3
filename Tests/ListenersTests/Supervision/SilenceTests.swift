import Foundation
import ListenerProtocol
import System
import TestSupport
import Testing

@testable import Listeners

struct SilenceTests {
    private let web = ProcessName(group: "shop", name: "web_1")
    private let job = ProcessName(group: "job", name: "job")
    private let changed = Timestamp(seconds: 1_795_268_000)

    private func later(_ seconds: Int) -> Timestamp {
        Timestamp(seconds: changed.seconds + seconds)
    }

    @Test(arguments: ["", "\n", " \r\n\t"])
    func `an empty file silences everything for an hour`(text: String) {
        let silence = Silence(text, modified: changed)
        #expect(silence.end(for: web, at: later(3_599)) == later(3_600))
        #expect(silence.end(for: job, at: changed) == later(3_600))
        #expect(silence.end(for: web, at: later(3_600)) == nil)
    }

    @Test func `a line silences the processes that its pattern matches`() {
        let silence = Silence("shop:*\r\n# a comment\n\n", modified: changed)
        #expect(silence.end(for: web, at: changed) == later(3_600))
        #expect(silence.end(for: job, at: changed) == nil)
        #expect(silence.mistakes.isEmpty)
    }

    @Test func `a file of comments silences nothing`() {
        #expect(Silence("# shop:*\n", modified: changed).end(for: web, at: changed) == nil)
    }

    @Test func `a line may have an end, and the latest one applies`() throws {
        let silence = Silence(
            "web_* until 2026-11-21T16:30:00+01:00\n*\n", modified: changed)
        let end = try #require(Timestamp(rfc3339: "2026-11-21T15:30:00Z"))
        #expect(end > later(3_600))
        #expect(silence.end(for: web, at: changed) == end)
        #expect(silence.end(for: job, at: changed) == later(3_600))
    }

    @Test(arguments: [
        "web until", "web until tomorrow", "web 14:30", "web until 2026-11-21T14:30:00",
    ])
    func `a wrong line silences nothing and is named`(line: String) {
        let silence = Silence("job\n\(line)\n", modified: changed)
        #expect(silence.entries.count == 1)
        #expect(silence.mistakes.count == 1)
        #expect(silence.mistakes.first?.hasPrefix("line 2 requires a pattern") == true)
    }

    @Test func `an accent behind the mark of a comment does not hide it`() {
        let silence = Silence("#\u{301} shop:*\n", modified: changed)
        #expect(silence.entries.isEmpty && silence.mistakes.isEmpty)
    }

    @Test(arguments: [Int.min, .max])
    func `a file may have been changed at any time`(seconds: Int) {
        let silence = Silence("web_1", modified: Timestamp(seconds: seconds))
        #expect(silence.entries.count == 1)
    }

    @Test func `a link that others may have made is not read`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("secret", "root:S3cr3t\n")
        #expect(symlink(directory.path("secret"), directory.path("silence")) == 0)
        let path = directory.path("silence")
        #expect(SilenceRecord(reading: path).text == "root:S3cr3t\n")
        #expect(chmod(directory.path, 0o777) == 0)
        let record = SilenceRecord(reading: path)
        #expect(record.silence.entries.isEmpty)
        #expect(
            record.silence.mistakes
                == ["'silence' in its path is a symbolic link that another user may have made"])
        #expect(SilenceRecord(fields: record.fields) == record)
        #expect(link(directory.path("secret"), directory.path("hard")) == 0)
        #expect(SilenceRecord(reading: directory.path("hard")).text == nil)
    }

    @Test func `the beginning and the end of each silence are logged once`() throws {
        var history = SilenceHistory(path: "/run/silence")
        let silence = Silence("shop:* until 2026-11-21T16:30:00Z\n", modified: changed)
        let end = try #require(silence.entries.first?.end)
        let before = Timestamp(seconds: end.seconds - 60)
        #expect(
            history.note(silence, at: before).changes == ["silenced until \(end.clock): shop:*"])
        #expect(history.note(silence, at: before) == ([], []))
        // Nobody changes the file: its time is over.
        #expect(history.note(silence, at: end).changes == ["no longer silenced: shop:*"])
        #expect(history.note(silence, at: end) == ([], []))
    }

    @Test func `a longer silence does not end the shorter one`() {
        var history = SilenceHistory(path: "/run/silence")
        _ = history.note(Silence("web", modified: changed), at: changed)
        let lines = history.note(Silence("web", modified: later(60)), at: changed).changes
        #expect(lines == ["silenced until \(later(3_660).clock): web"])
    }

    @Test func `a mistake is logged once`() {
        var history = SilenceHistory(path: "/f")
        let silence = Silence(entries: [], mistakes: ["x"])
        #expect(history.note(silence, at: changed).mistakes == ["the silence file /f: x"])
        #expect(history.note(silence, at: changed) == ([], []))
    }

    @Test(.enabled(if: geteuid() != 0))
    func `a file without permission is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("silence", "*")
        #expect(chmod(path, 0) == 0)
        #expect(SilenceRecord(reading: path).refusal?.hasPrefix("this user cannot read it") == true)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-21T14:30:00+01:00", 1_795_267_800),
        ("2000-02-29 12:00:00.123-00:30", 951_827_400), ("1969-12-31t23:59:59z", -1),
    ])
    func `a moment is read as the internet writes it`(text: String, seconds: Int) {
        #expect(Timestamp(rfc3339: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T14:30Z",
        "2026-11-21T14:30:00+0100", "2026-11-21T14:30:00Zx", "0000-01-01T00:00:00Z",
    ])
    func `an invalid time is rejected`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root may change the owner of a file"),
        // 65534 is nobody.
        arguments: [
            (0o1777, 0, false), (0o1757, 0, false), (0o755, 0, true), (0o1775, 0, true),
            (0o1777, 65_534, true),
        ] as [(Int, UInt32, Bool)])
    func `a file that any user can create must belong to a trusted one`(
        _ mode: Int, _ owner: UInt32, isRead: Bool
    ) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("silence", "* until 2099-01-01T00:00:00Z by eve\n")
        #expect(chown(path, 65_534, 65_534) == 0)
        #expect(chown(folder.path, owner, 0) == 0)
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: folder.path)
        let silence = SilenceRecord(reading: path).silence
        #expect(silence.entries.isEmpty != isRead)
        #expect((silence.mistakes.first?.hasPrefix("it belongs to nobody, and") ?? false) != isRead)
        #expect(SilenceRecord(reading: path, of: [65_534]).silence.entries.count == 1)
    }
}
