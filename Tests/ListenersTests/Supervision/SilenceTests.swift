import ListenerProtocol
import System
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

    @Test func `a line silences what its pattern means`() {
        let silence = Silence("shop:*\r\n# a comment\n\n", modified: changed)
        #expect(silence.end(for: web, at: changed) == later(3_600))
        #expect(silence.end(for: job, at: changed) == nil)
        #expect(silence.mistakes.isEmpty)
    }

    @Test func `a file of comments silences nothing`() {
        #expect(Silence("# shop:*\n", modified: changed).end(for: web, at: changed) == nil)
    }

    @Test func `a line may say until when, and the longest counts`() throws {
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
    func `what is no moment is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
