// When FATAL programs are started again.

import ListenerProtocol
import System
import Testing

@testable import Listeners

@Suite struct RetryScheduleTests {
    private static let start = Instant.now
    private let web = ProcessName(group: "web", name: "web")

    private func at(_ seconds: Int) -> Instant { Self.start + .seconds(seconds) }

    /// Half way between the shortest and the longest pause: no change.
    private let middle = 0.5

    private func note(
        _ schedule: inout RetrySchedule, _ name: EventName, from state: ProcessState = .backoff,
        at seconds: Int
    ) -> RetrySchedule.Consequence {
        schedule.note(web, name, from: state, at: at(seconds), chance: middle)
    }

    private func start(_ schedule: inout RetrySchedule, at seconds: Int) {
        for attempt in schedule.takeDue(at: at(seconds)) { begin(attempt, of: &schedule) }
    }

    private func begin(
        _ attempt: RetrySchedule.Attempt, of schedule: inout RetrySchedule, isAllowed: Bool = true
    ) {
        let isBegun = schedule.begin(attempt)
        #expect(isBegun == isAllowed)
    }

    @Test func `pauses double up to the maximum`() {
        let pause = RetryPause(shortest: 60, longest: 3_600)
        let seconds = (1...8).map { pause.before(attempt: $0, chance: 0.5).components.seconds }
        #expect(seconds == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600])
        #expect(pause.before(attempt: 1_000_000, chance: 0.5) == .seconds(3_600))
    }

    @Test func `pauses vary randomly by up to a tenth`() {
        let pause = RetryPause(shortest: 100, longest: 100)
        #expect(pause.before(attempt: 1, chance: 0).components.seconds == 90)
        #expect(pause.before(attempt: 1, chance: 1).components.seconds == 110)
    }

    @Test(
        arguments: [("1m..1h", 60, 3_600), ("5..5", 5, 5), ("30s", 30, 30), ("1..2d", 1, 172_800)])
    func `backoff is a minimum and a maximum pause`(_ use: (text: String, low: Int, high: Int))
        throws
    {
        let pause = try RetryPause(OptionValue(name: "--backoff", text: use.text))
        #expect(pause == RetryPause(shortest: use.low, longest: use.high))
    }

    @Test(arguments: ["", "0", "1m..", "..1h", "1h..1m", "1m-1h", "1m...1h", "1m..1h x"])
    func `anything else is rejected`(text: String) {
        #expect(throws: UsageError.self) {
            try RetryPause(OptionValue(name: "--backoff", text: text))
        }
    }

    @Test func `each FATAL is a further attempt, which is due after its pause`() {
        var schedule = RetrySchedule()
        #expect(
            note(&schedule, .processStateFatal, at: 0) == .retry(attempt: 1, after: .seconds(60)))
        #expect(schedule.takeDue(at: at(59)).isEmpty)
        let due = schedule.takeDue(at: at(60))
        #expect(due.map(\.number) == [1])
        #expect(schedule.takeDue(at: at(60)).isEmpty)
        for attempt in due { begin(attempt, of: &schedule) }
        #expect(note(&schedule, .processStateStarting, from: .fatal, at: 61) == .none)
        #expect(
            note(&schedule, .processStateFatal, at: 70) == .retry(attempt: 2, after: .seconds(120)))
    }

    @Test func `only ten minutes of RUNNING are a success`() {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        start(&schedule, at: 60)
        _ = note(&schedule, .processStateStarting, from: .fatal, at: 60)
        _ = note(&schedule, .processStateRunning, from: .starting, at: 61)
        _ = note(&schedule, .processStateExited, from: .running, at: 660)
        #expect(
            note(&schedule, .processStateFatal, at: 670) == .retry(attempt: 2, after: .seconds(120))
        )
        start(&schedule, at: 790)
        _ = note(&schedule, .processStateStarting, from: .fatal, at: 790)
        _ = note(&schedule, .processStateRunning, from: .starting, at: 800)
        _ = note(&schedule, .processStateExited, from: .running, at: 1_400)
        #expect(
            note(&schedule, .processStateFatal, at: 1_410)
                == .retry(attempt: 1, after: .seconds(60)))
    }

    @Test(arguments: [
        (EventName.processStateStarting, ProcessState.fatal), (.processStateStopping, .running),
        (.processStateStopped, .backoff), (.processStateStopping, .starting),
        // 'supervisorctl update' replaces the program.
        (.processStateStarting, .stopped),
    ])
    func `starting or stopping the program by hand ends the series`(
        _ name: EventName, _ state: ProcessState
    ) {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        #expect(note(&schedule, name, from: state, at: 10) == .takenOver)
        #expect(schedule.takeDue(at: at(10_000)).isEmpty)
        #expect(
            note(&schedule, .processStateFatal, at: 20) == .retry(attempt: 1, after: .seconds(60)))
    }

    @Test func `an update during an attempt ends the series`() throws {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        let attempt = try #require(schedule.takeDue(at: at(60)).first)
        #expect(note(&schedule, .processStateStarting, from: .stopped, at: 61) == .takenOver)
        begin(attempt, of: &schedule, isAllowed: false)
    }

    @Test func `the buffered first start of a program found as FATAL does not end the series`() {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        for (name, state) in [
            (EventName.processStateStarting, ProcessState.stopped),
            (.processStateBackoff, .starting),
            (.processStateStarting, .backoff), (.processStateFatal, .backoff),
        ] {
            let consequence = schedule.note(
                web, name, from: state, isBuffered: true, at: at(1), chance: middle)
            #expect(consequence == .none)
        }
        #expect(schedule.takeDue(at: at(60)).map(\.number) == [1])
    }

    @Test func `a postponed attempt does not count`() {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        for attempt in schedule.takeDue(at: at(60)) {
            schedule.postpone(attempt, by: .seconds(30), at: at(61))
        }
        // A start is no longer ours, either.
        #expect(schedule.takeDue(at: at(90)).isEmpty)
        #expect(schedule.takeDue(at: at(91)).map(\.number) == [1])
    }

    @Test func `a start that supervisord refuses is a failed attempt`() throws {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        let attempt = try #require(schedule.takeDue(at: at(60)).first)
        begin(attempt, of: &schedule)
        // No event follows, so the next attempt is planned at once.
        #expect(
            schedule.refuse(attempt, at: at(61), chance: middle)
                == .retry(attempt: 2, after: .seconds(120)))
        #expect(schedule.takeDue(at: at(181)).map(\.number) == [2])
        // A late result of the first attempt changes nothing.
        #expect(schedule.refuse(attempt, at: at(182), chance: middle) != .takenOver)
    }

    @Test func `the event of a FATAL that is already known is no failed attempt`() throws {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        #expect(note(&schedule, .processStateFatal, at: 1) == .none)
        let attempt = try #require(schedule.takeDue(at: at(60)).first)
        #expect(note(&schedule, .processStateFatal, at: 60) == .none)
        begin(attempt, of: &schedule)
        // If the event of the start was lost, this is the result of the attempt.
        #expect(
            note(&schedule, .processStateFatal, at: 62) == .retry(attempt: 2, after: .seconds(120)))
    }

    @Test func `a person's start during the command before an attempt ends the series`() throws {
        var schedule = RetrySchedule()
        _ = note(&schedule, .processStateFatal, at: 0)
        let attempt = try #require(schedule.takeDue(at: at(60)).first)
        #expect(note(&schedule, .processStateStarting, from: .fatal, at: 61) == .takenOver)
        #expect(
            note(&schedule, .processStateFatal, at: 62) == .retry(attempt: 1, after: .seconds(60)))
        // The command ends only now: the attempt belongs to a series that has ended.
        begin(attempt, of: &schedule, isAllowed: false)
        schedule.postpone(attempt, by: .seconds(1), at: at(63))
        schedule.forget(attempt)
        #expect(schedule.takeDue(at: at(122)).map(\.number) == [1])
    }

    @Test(arguments: [
        RetryAttempt.Outcome.ready, .started, .silenced(until: 1_795_000_000), .notYet,
        .notFatal("RUNNING"), .gone, .refused("NO_FILE: can't find it"),
        .failed("nobody\tlistens"),
    ])
    func `an outcome is parsed from its record`(outcome: RetryAttempt.Outcome) {
        #expect(RetryAttempt.Outcome(fields: outcome.fields) == outcome)
    }
}
