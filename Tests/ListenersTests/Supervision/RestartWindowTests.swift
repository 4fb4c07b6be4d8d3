import System
import Testing

@testable import Listeners

/// Universal time but for the clocks of Berlin in 2026: an hour ahead, two from 29 March 01:00 to
/// 25 October 01:00.
private let berlin = LocalClock { seconds in
    (1_774_746_000..<1_792_890_000).contains(seconds) ? 7_200 : 3_600
}

struct RestartWindowTests {
    private func window(_ text: String) throws -> RestartWindow {
        try RestartWindow(OptionValue(name: "--restart-window", text: text))
    }

    private func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text))
    }

    // 21 November 2026 is a Saturday.
    @Test(arguments: [
        ("02:00-05:00", "2026-11-21T02:00:00+01:00", true),
        ("02:00-05:00", "2026-11-21T04:59:59+01:00", true),
        ("02:00-05:00", "2026-11-21T05:00:00+01:00", false),
        ("02:00-05:00", "2026-11-21T01:59:59+01:00", false),
        ("mon-fri 02:00-05:00", "2026-11-21T03:00:00+01:00", false),
        ("mon-fri 02:00-05:00", "2026-11-20T03:00:00+01:00", true),
        ("sat 02:00-05:00", "2026-11-21T03:00:00+01:00", true),
        ("Saturday 02:00-05:00", "2026-11-21T03:00:00+01:00", true),
        ("fri-mon 02:00-05:00", "2026-11-21T03:00:00+01:00", true),
        ("fri-mon 02:00-05:00", "2026-11-24T03:00:00+01:00", false),
        ("fri 22:00-02:00", "2026-11-21T01:59:00+01:00", true),
        ("fri 22:00-02:00", "2026-11-20T01:59:00+01:00", false),
        ("fri 22:00-02:00", "2026-11-21T22:30:00+01:00", false),
        ("20:00-24:00", "2026-11-21T23:59:59+01:00", true),
        ("20:00-24:00", "2026-11-22T00:00:00+01:00", false),
        ("00:00-24:00", "2026-11-22T00:00:00+01:00", true),
        ("mon 01:00-02:00, sat 12:00-13:00", "2026-11-21T12:30:00+01:00", true),
        ("sun-sat 01:00-02:00", "2026-11-21T01:30:00+01:00", true),
    ])
    func `a window is open at its hours`(spec: String, text: String, isOpen: Bool) throws {
        #expect(try window(spec).isOpen(at: time(text), by: berlin) == isOpen)
    }

    @Test(arguments: [
        // On 29 March 02:00 is followed by 03:00.
        ("02:00-05:00", "2026-03-29T03:00:00+02:00", true),
        ("02:00-05:00", "2026-03-29T01:59:59+01:00", false),
        ("02:00-05:00", "2026-03-29T05:00:00+02:00", false),
        ("02:15-02:45", "2026-03-29T03:10:00+02:00", true),
        ("02:15-02:45", "2026-03-29T03:30:00+02:00", false),
        ("sat 23:00-02:30", "2026-03-29T01:59:59+01:00", true),
        ("sat 23:00-02:30", "2026-03-29T03:00:00+02:00", false),
        // On 25 October the hour from 02:00 comes twice.
        ("02:00-02:30", "2026-10-25T02:10:00+02:00", true),
        ("02:00-02:30", "2026-10-25T02:10:00+01:00", true),
        ("01:00-02:30", "2026-10-25T02:45:00+01:00", false),
        ("01:00-02:00", "2026-10-25T02:15:00+02:00", false),
        ("sat 22:00-02:00", "2026-10-25T02:15:00+02:00", false),
        ("02:00-02:30", "2026-10-25T02:45:00+02:00", false),
        ("sat 22:00-02:30", "2026-10-25T02:15:00+01:00", true),
    ])
    func `a window is correct at a change of summer time`(
        spec: String, text: String, isOpen: Bool
    ) throws {
        #expect(try window(spec).isOpen(at: time(text), by: berlin) == isOpen)
    }

    @Test(arguments: [
        ("02:00-05:00", "2026-11-21T06:00:00+01:00", "2026-11-22T02:00:00+01:00"),
        ("fri 02:00-05:00", "2026-11-21T06:00:00+01:00", "2026-11-27T02:00:00+01:00"),
        ("sat 02:00-05:00", "2026-11-21T06:00:00+01:00", "2026-11-28T02:00:00+01:00"),
        ("02:15-02:45", "2026-03-28T06:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        ("02:15-02:45", "2026-10-25T02:50:00+02:00", "2026-10-25T02:15:00+01:00"),
        ("01:00-02:30", "2026-10-25T02:40:00+02:00", "2026-10-25T02:00:00+01:00"),
        ("02:00-05:00", "2026-11-21T03:00:00+01:00", "2026-11-21T03:00:00+01:00"),
    ])
    func `the next opening is known`(spec: String, text: String, opening: String) throws {
        #expect(try window(spec).opening(after: time(text), by: berlin) == time(opening))
    }

    @Test func `the clock of the host is asked`() throws {
        #expect(try window("00:00-24:00").isOpen(at: .now))
    }

    @Test(arguments: [
        ("", "at the end"), ("mon", "at the end"), ("mon,tue 02:00-05:00", "at character 4"),
        ("mon-fry 02:00-05:00", "at character 5"), ("02:00", "at the end"),
        ("02:00-02:00", "at character 7"), ("24:00-02:00", "at character 1"),
        ("02:00-25:00", "at character 7"), ("02:60-03:00", "at character 4"),
        ("2-5", "at character 1"), ("02:00-24:01", "at character 7"),
        ("02:00-05:00;", "at character 12"), ("02:00-05:00,", "at the end"),
        ("02:5-03:00", "at character 1"), ("[mon-fri] 02:00-05:00", "at character 1"),
    ])
    func `a wrong window is refused with its place`(text: String, place: String) throws {
        do {
            _ = try window(text)
            Issue.record("'\(text)' was taken")
        } catch {
            #expect("\(error)".hasPrefix("--restart-window requires "))
            #expect("\(error)".contains("\(place) of "), "\(error)")
        }
    }
}
