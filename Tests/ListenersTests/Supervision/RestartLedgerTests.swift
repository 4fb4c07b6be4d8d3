import ListenerProtocol
import System
import Testing

@testable import Listeners

struct RestartLedgerTests {
    private let origin = Moment(instant: .now, time: Timestamp(seconds: 1_795_267_800))
    private let web = ProcessName(group: "shop", name: "web_0")

    private func at(_ seconds: Int) -> Moment { origin + .seconds(seconds) }

    private func ledger(_ change: (inout RestartPolicy) -> Void = { _ in }) -> RestartLedger {
        var policy = RestartPolicy()
        change(&policy)
        return RestartLedger(policy)
    }

    /// What is found out about a process at a second, if it was started long before.
    private func observation(
        _ process: ProcessName? = nil, _ health: HealthStatus = .unhealthy("no answer"),
        at seconds: Int, start: Int = 100, uptime: Int = 86_400, state: ProcessState = .running,
        check: String = "site", isPerProcess: Bool = false, isShared: Bool = false,
        isOfGroup: Bool = false
    ) -> Observation {
        Observation(
            instance: ProcessInstance(process: process ?? web, start: start),
            begin: at(seconds).instant, state: state, uptime: uptime, check: check,
            health: health, isPerProcess: isPerProcess, isShared: isShared, isOfGroup: isOfGroup)
    }

    private func process(_ number: Int) -> ProcessName {
        ProcessName(group: "shop", name: "web_\(number)")
    }

    // MARK: Restarts of the listener

    /// A ledger that has given up on a process because of a check, after a restart of the listener.
    private func restored(_ checks: [String] = ["site"]) throws -> RestartLedger {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for check in checks {
            _ = ledger.decide(observation(at: 0, check: check), at: at(0))
        }
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(1))
        for check in checks {
            let decision = ledger.decide(observation(at: 2, start: 200, check: check), at: at(2))
            guard case .hold(.budget, _, _) = decision else {
                Issue.record("\(decision)")
                continue
            }
        }
        let alert = try #require(ledger.givenUpAlerts.first)
        let budgets = RestartLedger.records(ledger.spentBudgets(stopping: []), at: at(3))
        let records = [alert.record(at: at(3))]
        var next = RestartLedger(ledger.policy)
        next.restore(budgets, at: at(10))
        for alert in records.compactMap({ GivenUpAlert(record: $0, at: at(10)) }) {
            next.restore(alert, at: at(10))
        }
        return next
    }

    @Test func `an alert of an earlier run is resolved when its checks pass`() throws {
        var ledger = try restored(["site", "other"])
        #expect(ledger.givenUp == [web])
        _ = ledger.pass("site", begin: at(11).instant, at: at(11))
        #expect(ledger.takeResolved().isEmpty)
        _ = ledger.pass("other", begin: at(12).instant, at: at(12))
        #expect(ledger.takeResolved() == [web: .recovered])
        #expect(ledger.givenUpAlerts.isEmpty)
    }

    @Test func `an alert of an earlier run is not sent again before its reminder`() throws {
        var ledger = try restored()
        for (second, isDue) in [(20, false), (3_599, false)] {
            let decision = ledger.decide(
                observation(at: second, start: 200), at: at(second))
            guard case .hold(.budget, _, isDue) = decision else {
                Issue.record("\(decision)")
                continue
            }
        }
    }

    @Test func `an alert of an earlier run is resolved when a person starts the process`() throws {
        var ledger = try restored()
        ledger.noteStart(of: web, from: .stopped)
        #expect(ledger.takeResolved() == [web: .started])
    }

    @Test func `an alert about a check that is no longer made is resolved after a while`() throws {
        var ledger = try restored()
        _ = ledger.pass("new", begin: at(11).instant, at: at(11))
        #expect(ledger.takeResolved().isEmpty)
        _ = ledger.pass("new", begin: at(400).instant, at: at(400))
        #expect(ledger.takeResolved() == [web: .recovered])
    }

    @Test func `a check of an earlier run that is no longer made resolves nothing by itself`()
        throws
    {
        var ledger = try restored()
        #expect(ledger.earlierChecks == ["site"])
        ledger.endEarlierChecks(["site"])
        #expect(ledger.takeResolved().isEmpty)
        guard
            case .hold(.budget, _, isAlertDue: false) = ledger.decide(
                observation(at: 11, start: 200, check: "new"), at: at(11))
        else {
            Issue.record("it is restarted, or reported again")
            return
        }
        #expect(ledger.givenUp == [web])
        #expect(ledger.earlierChecks == [])
        _ = ledger.pass("new", begin: at(12).instant, at: at(12))
        #expect(ledger.takeResolved() == [web: .recovered])
    }

    @Test func `after a check of an earlier run that is no longer made, any other one resolves`()
        throws
    {
        var ledger = try restored()
        ledger.endEarlierChecks(["site"])
        _ = ledger.pass("new", begin: at(11).instant, at: at(11))
        #expect(ledger.takeResolved() == [web: .recovered])
    }

    @Test func `an alert of an earlier run about a process that is not watched ends`() throws {
        var ledger = try restored()
        ledger.endEarlierAlerts { $0 == web }
        #expect(ledger.takeResolved().isEmpty)
        ledger.endEarlierAlerts { _ in false }
        #expect(ledger.takeResolved() == [web: .unchecked])
        #expect(ledger.givenUp.isEmpty)
    }

    // MARK: The threshold

    @Test func `without options the first failure restarts`() {
        var ledger = ledger()
        #expect(ledger.decide(observation(at: 0), at: at(0)) == .act(.restart))
        #expect(ledger.begin(at: at(0)).map(\.process) == [web])
    }

    @Test func `as many checks as asked for must fail`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 3, checks: 3) }
        for failures in 1...2 {
            let expected = HoldReason.threshold(
                failures: failures, FailureThreshold(failures: 3, checks: 3))
            #expect(
                ledger.decide(observation(at: failures), at: at(failures)) == .hold(expected))
            #expect("\(expected)" == "\(failures) of 3 failed")
        }
        #expect(ledger.decide(observation(at: 3), at: at(3)) == .act(.restart))
    }

    @Test func `a success resets the count`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        for second in stride(from: 0, to: 20, by: 2) {
            let first = ledger.decide(observation(at: second), at: at(second))
            guard case .hold(.threshold(failures: 1, _), _, _) = first else {
                Issue.record("\(first)")
                return
            }
            let second = ledger.decide(
                observation(nil, .healthy, at: second + 1), at: at(second + 1))
            #expect(second == .nothing)
        }
        #expect(ledger.records.isEmpty == false)
    }

    @Test func `a new start resets the count`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        _ = ledger.decide(observation(at: 0, start: 100), at: at(0))
        for (second, start) in [(1, 101), (2, 99)] {
            guard
                case .hold(.threshold(failures: 1, _), _, _) =
                    ledger.decide(observation(at: second, start: start), at: at(second))
            else {
                Issue.record("counted over a start")
                return
            }
        }
    }

    @Test func `a restart resets the count, and earlier observations are ignored`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.decide(observation(at: 1), at: at(1))
        _ = ledger.begin(at: at(1))
        ledger.finish(web, .restarted, at: at(10))
        let old = observation(at: 9, start: 100)
        #expect(ledger.decide(old, at: at(11)) == .nothing)
        guard
            case .hold(.threshold(failures: 1, _), _, _) = ledger.decide(
                observation(at: 12, start: 200), at: at(12))
        else {
            Issue.record("the restart is not counted from")
            return
        }
    }

    @Test func `unknown changes nothing`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        #expect(
            ledger.decide(observation(nil, .unknown("no way"), at: 1), at: at(1)) == .nothing)
        #expect(ledger.decide(observation(at: 2), at: at(2)) == .act(.restart))
    }

    @Test func `each check has its own count, and they cause one restart`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        _ = ledger.decide(observation(at: 0, check: "a"), at: at(0))
        _ = ledger.decide(observation(at: 0, check: "b"), at: at(0))
        #expect(ledger.decide(observation(at: 1, check: "a"), at: at(1)) == .act(.restart))
        #expect(ledger.decide(observation(at: 1, check: "b"), at: at(1)) == .nothing)
        #expect(ledger.begin(at: at(1)).count == 1)
        #expect(ledger.records[web]?.failures.count == 2)
    }

    // MARK: Conditions

    @Test(arguments: ProcessState.allCases.filter { $0 != .running })
    func `only RUNNING processes are restarted`(state: ProcessState) {
        var ledger = ledger()
        #expect(
            ledger.decide(observation(at: 0, state: state), at: at(0)) == .hold(.state(state)))
        #expect(ledger.begin(at: at(0)).isEmpty)
    }

    @Test func `the listener itself is left alone`() {
        var ledger = ledger()
        ledger.own = web
        #expect(ledger.decide(observation(at: 0), at: at(0)) == .hold(.ownListener))
    }

    @Test func `failures in the start period do not count`() {
        var ledger = ledger { $0.startPeriod = 90 }
        let reason = HoldReason.startPeriod(left: 40)
        #expect(ledger.decide(observation(at: 0, uptime: 50), at: at(0)) == .hold(reason))
        #expect("\(reason)" == "start period, 40 s left")
        let again = ledger.decide(observation(at: 10, uptime: 60), at: at(10))
        #expect(again == .hold(.startPeriod(left: 30), isNew: false))
        #expect(ledger.decide(observation(at: 40, uptime: 90), at: at(40)) == .act(.restart))
    }

    @Test(arguments: [true, false])
    func `the first success ends the start period where it should`(ends: Bool) {
        var ledger = ledger {
            $0.startPeriod = 90
            $0.successEndsStartPeriod = ends
        }
        _ = ledger.decide(observation(nil, .healthy, at: 0, uptime: 5), at: at(0))
        let decision = ledger.decide(observation(at: 1, uptime: 6), at: at(1))
        #expect(decision == (ends ? .act(.restart) : .hold(.startPeriod(left: 84))))
    }

    @Test func `a success of a shared URL, which another process may have answered, ends none`() {
        var ledger = ledger {
            $0.startPeriod = 90
            $0.successEndsStartPeriod = true
        }
        _ = ledger.pass("site", begin: at(0).instant, at: at(0))
        let decision = ledger.decide(observation(at: 1, uptime: 6, isShared: true), at: at(1))
        #expect(decision == .hold(.startPeriod(left: 84)))
        let other = observation(process(1), at: 1, isShared: true)
        #expect(ledger.decide(other, at: at(1)) == .act(.restart))
    }

    @Test func `a success before the start ends no start period`() {
        var ledger = ledger {
            $0.startPeriod = 90
            $0.successEndsStartPeriod = true
        }
        _ = ledger.pass("site", begin: at(0).instant, at: at(0))
        let decision = ledger.decide(observation(at: 20, uptime: 7), at: at(20))
        #expect(decision == .hold(.startPeriod(left: 83)))
    }

    @Test func `uptime survives clocks that jump`() {
        #expect(Observation.uptime(start: 100, now: 130) == 30)
        #expect(Observation.uptime(start: 130, now: 100) == 0)
        #expect(Observation.uptime(start: 0, now: 100) == .max)
        #expect(Observation.uptime(start: 1, now: .min) == 0)
    }

    @Test func `a time that drifts with the clocks is the same reason`() {
        let limit = RestartLimit(count: 1, period: 3_600)
        let other = RestartLimit(count: 2, period: 3_600)
        let reasons: [(Timestamp) -> HoldReason] = [
            { .budget(limit, back: $0) }, { .silenced(until: $0) }, { .window(opens: $0) },
        ]
        let time = Timestamp(seconds: 1_795_267_799, milliseconds: 999)
        let next = Timestamp(seconds: 1_795_267_800, milliseconds: 0)
        for reason in reasons {
            #expect(reason(time).isSame(as: reason(next)))
            #expect(!reason(time).isSame(as: reason(Timestamp(seconds: 1_795_267_860))))
        }
        let budget = HoldReason.budget(limit, back: time)
        #expect(!budget.isSame(as: .budget(other, back: time)))
        #expect(!budget.isSame(as: .silenced(until: time)))
    }

    @Test func `outside the window, only processes above the limit are restarted`() throws {
        let window = try RestartWindow(OptionValue(name: "-w", text: "02:00-05:00"))
        var ledger = ledger { $0.window = window }
        ledger.clock = LocalClock { _ in 0 }
        // 13:30 in universal time.
        let reason = HoldReason.window(opens: Timestamp(seconds: 1_795_267_800 + 45_000))
        #expect(
            ledger.decide(observation(at: 0), at: at(0)) == .hold(reason, isAlertDue: true))
        #expect(ledger.decide(observation(at: 1), at: at(1)) == .hold(reason, isNew: false))
        var warned = observation(process(2), at: 1)
        warned.isWarned = true
        #expect(ledger.decide(warned, at: at(1)) == .hold(reason))
        #expect(
            ledger.decide(observation(at: 3_600), at: at(3_600))
                == .hold(reason, isNew: false, isAlertDue: true))
        var hard = observation(at: 3_602)
        hard.ignoresWindow = true
        #expect(ledger.decide(hard, at: at(3_602)) == .act(.restart))
        #expect(
            ledger.decide(observation(process(1), at: 45_001), at: at(45_001)) == .act(.restart))
    }

    @Test func `while it is silenced nothing is done, and counters rest`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        ledger.silence = Silence("shop:*", modified: origin.time)
        let until = Timestamp(seconds: origin.time.seconds + 3_600)
        #expect(ledger.decide(observation(at: 1), at: at(1)) == .hold(.silenced(until: until)))
        #expect(ledger.decide(observation(nil, .healthy, at: 2), at: at(2)) == .nothing)
        #expect(ledger.decide(observation(at: 3_601), at: at(3_601)) == .act(.restart))
    }

    @Test func `a silence stops pending restarts`() {
        var ledger = ledger()
        _ = ledger.decide(observation(at: 0), at: at(0))
        ledger.silence = Silence("", modified: origin.time)
        #expect(ledger.begin(at: at(1)).isEmpty)
        #expect(ledger.waiting.isEmpty)
    }

    @Test func `with alerts only, one is due at once and then at the pace of reminders`() {
        var ledger = ledger { $0.action = .alert }
        #expect(
            ledger.decide(observation(at: 0), at: at(0)) == .hold(.alertOnly, isAlertDue: true))
        #expect(
            ledger.decide(observation(at: 60), at: at(60)) == .hold(.alertOnly, isNew: false))
        #expect(
            ledger.decide(observation(at: 3_600), at: at(3_600))
                == .hold(.alertOnly, isNew: false, isAlertDue: true))
        _ = ledger.decide(observation(nil, .healthy, at: 3_700), at: at(3_700))
        #expect(
            ledger.decide(observation(at: 3_800), at: at(3_800))
                == .hold(.alertOnly, isAlertDue: true))
    }

    // MARK: The budget

    /// A ledger that allows one restart in an hour, and has used it at second 0.
    private func spent() -> RestartLedger {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        return ledger
    }

    private func budgetHold(isNew: Bool = true, isAlertDue: Bool = false) -> Decision {
        .hold(
            .budget(RestartLimit(count: 1, period: 3_600), back: at(3_600).time), isNew: isNew,
            isAlertDue: isAlertDue)
    }

    @Test func `a reached restart limit is reported at once and with each reminder`() {
        var ledger = spent()
        ledger.records[web]?.budget.charge(
            at: at(1).instant, within: RestartLimit(count: 1, period: 3_600))
        let back = HoldReason.budget(
            RestartLimit(count: 1, period: 3_600), back: at(3_601).time)
        #expect(
            ledger.decide(observation(at: 10, start: 200), at: at(10))
                == .hold(back, isAlertDue: true))
        #expect(
            ledger.decide(observation(at: 20, start: 200), at: at(20)) == .hold(back, isNew: false))
        #expect(ledger.givenUp == [web])
    }

    /// The window opens 45,000 seconds after the origin.
    private func spentOutsideOfWindow() throws -> RestartLedger {
        let window = try RestartWindow(OptionValue(name: "-w", text: "02:00-05:00"))
        var ledger = ledger {
            $0.limit = RestartLimit(count: 1, period: 3_600)
            $0.window = window
        }
        ledger.clock = LocalClock { _ in 0 }
        var hard = observation(at: 0)
        hard.ignoresWindow = true
        _ = ledger.decide(hard, at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        return ledger
    }

    @Test func `the next attempt is when both the restart limit and the window allow it`() throws {
        var ledger = try spentOutsideOfWindow()
        let reason = HoldReason.budget(
            RestartLimit(count: 1, period: 3_600), back: at(3_600).time, window: at(45_000).time)
        #expect(
            ledger.decide(observation(at: 10, start: 200), at: at(10))
                == .hold(reason, isAlertDue: true))
        #expect("\(reason)".hasPrefix("restart limit reached until "))
        #expect("\(reason)".contains(", window opens "))
    }

    @Test func `an alert about a restart limit does not end while the window is closed`() throws {
        var ledger = try spentOutsideOfWindow()
        _ = ledger.decide(observation(at: 10, start: 200), at: at(10))
        // The alert has told when the window opens.
        let closed = HoldReason.window(opens: at(45_000).time)
        #expect(
            ledger.decide(observation(at: 3_600, start: 200), at: at(3_600)) == .hold(closed))
        #expect(ledger.takeResolved().isEmpty)
        #expect(ledger.givenUp == [web])
        #expect(
            ledger.decide(observation(at: 3_610, start: 200), at: at(3_610))
                == .hold(closed, isNew: false, isAlertDue: true))
        #expect(
            ledger.decide(observation(at: 45_000, start: 200), at: at(45_000)) == .act(.restart))
        #expect(ledger.takeResolved() == [web: .restartable])
    }

    @Test func `what may be restarted outside of the window ends the alert at once`() throws {
        var ledger = try spentOutsideOfWindow()
        var hard = observation(at: 10, start: 200)
        hard.ignoresWindow = true
        #expect(
            ledger.decide(hard, at: at(10)) == budgetHold(isAlertDue: true))
        hard = observation(at: 3_600, start: 200)
        hard.ignoresWindow = true
        #expect(ledger.decide(hard, at: at(3_600)) == .act(.restart))
        #expect(ledger.takeResolved() == [web: .restartable])
    }

    @Test func `a restart counts from its end, because its stop may be late`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(100))
        guard
            case .hold(.budget, _, _) = ledger.decide(
                observation(at: 3_650, start: 200), at: at(3_650))
        else {
            Issue.record("two restarts in less than an hour")
            return
        }
    }

    @Test func `a restart that is delayed beyond the window does not begin`() throws {
        let window = try RestartWindow(OptionValue(name: "-w", text: "13:00-14:00"))
        var ledger = ledger { $0.window = window }
        ledger.clock = LocalClock { _ in 0 }
        #expect(ledger.decide(observation(at: 0), at: at(0)) == .act(.restart))
        #expect(ledger.decide(observation(process(1), at: 0), at: at(0)) == .act(.restart))
        #expect(ledger.begin(at: at(0)).map(\.process) == [web])
        ledger.finish(web, .restarted, at: at(1_900))
        #expect(ledger.begin(at: at(1_900)).isEmpty)
        #expect(ledger.waiting.isEmpty)
    }

    @Test func `a restart that may not wait is not dropped by a check that has to`() throws {
        let window = try RestartWindow(OptionValue(name: "-w", text: "02:00-05:00"))
        var ledger = ledger { $0.window = window }
        ledger.clock = LocalClock { _ in 0 }
        var hard = observation(at: 0, check: "hard")
        hard.ignoresWindow = true
        #expect(ledger.decide(hard, at: at(0)) == .act(.restart))
        #expect(ledger.decide(observation(at: 0, check: "soft"), at: at(0)) == .nothing)
        #expect(ledger.begin(at: at(0)).map(\.process) == [web])
    }

    @Test func `observations from before or during a restart are ignored`() {
        var ledger = ledger()
        #expect(!ledger.isUnsettled(web, since: at(0).instant))
        _ = ledger.decide(observation(at: 0), at: at(0))
        #expect(ledger.isWaiting(web, for: "site"))
        #expect(!ledger.isWaiting(web, for: "other"))
        #expect(!ledger.isUnsettled(web, since: at(0).instant))
        _ = ledger.begin(at: at(1))
        #expect(!ledger.isWaiting(web, for: "site"))
        #expect(ledger.isUnsettled(web, since: at(2).instant))
        ledger.finish(web, .restarted, at: at(5))
        #expect(ledger.isUnsettled(web, since: at(4).instant))
        #expect(!ledger.isUnsettled(web, since: at(6).instant))
    }

    @Test func `restarts are allowed again as the period slides`() {
        var ledger = spent()
        #expect(
            ledger.decide(observation(at: 10, start: 200), at: at(10))
                == budgetHold(isAlertDue: true))
        #expect(ledger.decide(observation(at: 3_600, start: 200), at: at(3_600)) == .act(.restart))
        #expect(ledger.takeResolved() == [web: .restartable])
    }

    @Test func `a good check ends the alert and leaves the budget spent`() {
        var ledger = spent()
        _ = ledger.decide(observation(at: 10, start: 200), at: at(10))
        _ = ledger.decide(observation(nil, .healthy, at: 20, start: 200), at: at(20))
        #expect(ledger.takeResolved() == [web: .recovered])
        #expect(ledger.takeResolved().isEmpty)
        #expect(ledger.decide(observation(at: 30, start: 200), at: at(30)) == budgetHold())
        #expect(ledger.givenUp == [web])
    }

    @Test func `an alert that returns is sent again with the next reminder, or the next limit`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 7_200) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        var dues: [Int] = []
        var returns: [Int] = []
        for second in stride(from: 10, to: 7_190, by: 20) {
            let decision = ledger.decide(observation(at: second, start: 200), at: at(second))
            if case .hold(.budget, _, isAlertDue: true) = decision { dues.append(second) }
            if ledger.takeReturn(of: web) { returns.append(second) }
            #expect(ledger.givenUp == [web])
            #expect(ledger.givenUpAlerts.count == 1)
            _ = ledger.pass("site", begin: at(second + 10).instant, at: at(second + 10))
            #expect(ledger.takeResolved() == [web: .recovered])
            #expect(ledger.limitEnd(of: web, at: at(second + 10)) == at(7_200).time)
        }
        #expect(dues == [10, 3_610])
        #expect(returns.count == 357)
        #expect(ledger.limitEnd(of: web, at: at(7_200)) == nil)
        #expect(ledger.decide(observation(at: 7_200, start: 200), at: at(7_200)) == .act(.restart))
        _ = ledger.begin(at: at(7_200))
        ledger.finish(web, .restarted, at: at(7_200))
        let decision = ledger.decide(observation(at: 7_210, start: 300), at: at(7_210))
        guard case .hold(.budget, _, isAlertDue: true) = decision else {
            Issue.record("\(decision)")
            return
        }
    }

    @Test func `a manual stop resets the restart limit`() {
        var ledger = spent()
        _ = ledger.decide(observation(at: 10, start: 200), at: at(10))
        ledger.see(
            ProcessInstance(process: web, start: 200), .stopped, begin: at(20).instant)
        #expect(ledger.takeResolved() == [web: .settled(.stopped)])
        #expect(ledger.decide(observation(at: 30, start: 300), at: at(30)) == .act(.restart))
    }

    @Test(arguments: [(ProcessState.stopped, true), (.fatal, true), (.exited, false)])
    func `a start by a person is known by the state before it`(state: ProcessState, is person: Bool)
    {
        var ledger = spent()
        ledger.noteStart(of: web, from: state)
        #expect(
            (ledger.decide(observation(at: 30, start: 300), at: at(30)) == .act(.restart))
                == person)
    }

    @Test func `our own stop is no person's`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.see(ProcessInstance(process: web, start: 100), .stopped, begin: at(1).instant)
        ledger.noteStart(of: web, from: .stopped)
        ledger.finish(web, .startFailed("no file"), at: at(2))
        ledger.see(ProcessInstance(process: web, start: 100), .stopped, begin: at(3).instant)
        ledger.settlePendingStart(web, at: at(4))
        guard
            case .hold(.budget, _, true) = ledger.decide(
                observation(at: 5, start: 300), at: at(5))
        else {
            Issue.record("our own stop was taken for a person's")
            return
        }
    }

    /// A ledger whose restart at second 0 has ended, and whose limit is reached.
    private func restarted(_ steps: (inout RestartLedger) -> Void) -> RestartLedger {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        steps(&ledger)
        return ledger
    }

    private func isSpent(_ ledger: RestartLedger, at second: Int) -> Bool {
        var ledger = ledger
        let decision = ledger.decide(observation(at: second, start: 200), at: at(second))
        if case .hold(.budget, _, _) = decision { return true }
        return false
    }

    @Test func `our own start is no person's, even if its event arrives late`() {
        var ledger = restarted {
            $0.noteRequestedStart(of: web, at: at(1))
            $0.finish(web, .restarted, at: at(1))
            $0.noteStart(of: web, from: .stopped)
        }
        #expect(isSpent(ledger, at: 2))
        // A second event is another start.
        ledger.noteStart(of: web, from: .stopped)
        #expect(!isSpent(ledger, at: 3))
    }

    @Test func `our own start is no person's if its event arrives early, and the next one is`() {
        var ledger = restarted {
            $0.noteStart(of: web, from: .stopped)
            $0.noteRequestedStart(of: web, at: at(1))
            $0.finish(web, .restarted, at: at(1))
        }
        #expect(isSpent(ledger, at: 2))
        ledger.noteStart(of: web, from: .stopped)
        #expect(!isSpent(ledger, at: 3))
    }

    @Test func `a person's start during our restart, which starts nothing, gives the budget back`()
    {
        let ledger = restarted {
            $0.noteStart(of: web, from: .stopped)
            $0.finish(web, .restarted, at: at(1))
        }
        #expect(!isSpent(ledger, at: 2))
    }

    @Test func `an event that is lost is awaited until the next tick`() {
        var ledger = restarted {
            $0.noteRequestedStart(of: web, at: at(1))
            $0.finish(web, .restarted, at: at(1))
            $0.noteTick(sent: at(1).time.seconds)
        }
        var early = ledger
        early.noteStart(of: web, from: .stopped)
        #expect(isSpent(early, at: 2))
        ledger.noteTick(sent: at(5).time.seconds)
        ledger.noteStart(of: web, from: .stopped)
        #expect(!isSpent(ledger, at: 6))
    }

    @Test func `the retries of a pending start are no person's starts`() {
        let ledger = restarted {
            $0.noteRequestedStart(of: web, at: at(1))
            $0.noteStart(of: web, from: .stopped)
            $0.finish(web, .startFailed("FATAL"), at: at(1))
            $0.noteRequestedStart(of: web, at: at(6))
            $0.settlePendingStart(web, at: at(6))
            $0.noteStart(of: web, from: .fatal)
        }
        #expect(isSpent(ledger, at: 7))
    }

    @Test(arguments: [
        (RestartOutcome.stopFailed("no"), true), (.outdated("restarted by somebody"), true),
        (.recovered, true), (.postponed, true), (.restarted, false), (.dryRun, false),
        (.startFailed("no file"), false), (.alreadyStarted("60", wasStopped: true), false),
        (.stopped, false), (.alreadyStarted("60", wasStopped: false), true),
    ])
    func `a restart that was not stopped does not count`(outcome: RestartOutcome, isRefunded: Bool)
    {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, outcome, at: at(1))
        #expect((ledger.records[web]?.budget.charges.isEmpty == true) == isRefunded)
    }

    @Test func `a restart that has not asked for the stop is not stored as one`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        #expect(ledger.spentBudgets(stopping: []).isEmpty)
        #expect(Set(ledger.spentBudgets(stopping: [web]).keys) == [web])
        ledger.finish(web, .restarted, at: at(1))
        #expect(Set(ledger.spentBudgets(stopping: []).keys) == [web])
    }

    // MARK: Groups

    @Test func `one process of a group is down at a time, and all have their turn`() {
        var ledger = ledger()
        for number in 0..<4 {
            #expect(
                ledger.decide(observation(process(number), at: 0), at: at(0)) == .act(.restart))
        }
        for number in 0..<4 {
            #expect(ledger.begin(at: at(number)).map(\.process) == [process(number)])
            #expect(ledger.begin(at: at(number)).isEmpty)
            ledger.finish(process(number), .restarted, at: at(number))
        }
    }

    @Test func `groups are restarted in parallel`() {
        var ledger = ledger()
        let groups = (0..<3).map { ProcessName(group: "g\($0)", name: "p") }
        for process in groups { _ = ledger.decide(observation(process, at: 0), at: at(0)) }
        #expect(ledger.begin(at: at(0)).map(\.process) == groups)
    }

    @Test func `who waits for one of the places, or for another one of its site, has a reason`() {
        var ledger = ledger { $0.isSequential = true }
        let names = (0...RestartPolicy.concurrency).map {
            ProcessName(group: "g\($0)", name: "web")
        }
        for name in names { _ = ledger.decide(observation(name, at: 0), at: at(0)) }
        var shared = observation(process(1), at: 0)
        shared.sites = ["site"]
        _ = ledger.decide(shared, at: at(0))
        _ = ledger.begin(at: at(0))
        let last = names[RestartPolicy.concurrency]
        #expect(ledger.decide(observation(last, at: 1), at: at(1)) == .hold(.concurrency))
        #expect(
            ledger.decide(observation(last, at: 2), at: at(2)) == .hold(.concurrency, isNew: false))
        #expect("\(HoldReason.concurrency)" == "8 restarts are in progress")
        ledger.records[names[0]]?.sites = ["site"]
        #expect(ledger.decide(shared, at: at(2)) == .hold(.site(names[0])))
        ledger.finish(names[0], .restarted, at: at(3))
        #expect(ledger.begin(at: at(3)).map(\.process) == [last])
    }

    @Test func `no more processes are restarted at once than allowed`() {
        var ledger = ledger()
        for number in 0..<20 {
            let process = ProcessName(group: "g\(number)", name: "p")
            _ = ledger.decide(observation(process, at: 0), at: at(0))
        }
        #expect(ledger.begin(at: at(0)).count == RestartPolicy.concurrency)
        ledger.finish(ProcessName(group: "g3", name: "p"), .restarted, at: at(1))
        #expect(ledger.begin(at: at(1)).map(\.process.group) == ["g8"])
    }

    @Test func `a waiting process names the process that it waits for`() {
        var ledger = ledger { $0.maxUnavailable = 2 }
        for number in 0..<3 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        #expect(ledger.begin(at: at(0)).count == 2)
        let reason = HoldReason.group(down: [process(0), process(1)])
        #expect(ledger.decide(observation(process(2), at: 1), at: at(1)) == .hold(reason))
        #expect("\(reason)" == "2 processes in the group are down (shop:web_0, shop:web_1)")
    }

    @Test func `a process that is healthy before its turn is not restarted`() {
        var ledger = ledger()
        for number in 0..<2 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        _ = ledger.begin(at: at(0))
        #expect(
            ledger.decide(observation(process(1), .healthy, at: 1), at: at(1)) == .cancel)
        ledger.finish(process(0), .restarted, at: at(2))
        #expect(ledger.begin(at: at(2)).isEmpty)
    }

    @Test func `a pending start keeps its group from going down`() {
        var ledger = ledger()
        for number in 0..<2 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .startFailed("no file"), at: at(1))
        #expect(ledger.begin(at: at(1)).isEmpty)
        ledger.settlePendingStart(process(0), at: at(2))
        #expect(ledger.begin(at: at(2)).map(\.process) == [process(1)])
    }

    @Test func `who waits for a start that fails is reported`() {
        var ledger = ledger()
        for number in 0..<2 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        _ = ledger.begin(at: at(0))
        let reason = HoldReason.group(down: [process(0)])
        #expect(ledger.decide(observation(process(1), at: 1), at: at(1)) == .hold(reason))
        ledger.finish(process(0), .startFailed("no file"), at: at(1))
        for (second, isDue) in [(10, true), (20, false), (3_610, true)] {
            #expect(
                ledger.decide(observation(process(1), at: second), at: at(second))
                    == .hold(reason, isNew: false, isAlertDue: isDue))
        }
    }

    @Test func `our own stop does not return the budget, a start by a person does`() {
        var ledger = ledger {
            $0.action = .stop
            $0.limit = RestartLimit(count: 1, period: 3_600)
        }
        #expect(fail(&ledger, 0, at: 0) == .act(.stop))
        #expect(ledger.canaries.isEmpty)
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .stopped, at: at(1))
        see(&ledger, .stopped, at: 2)
        #expect(ledger.records[process(0)]?.budget.charges.count == 1)
        ledger.see(
            ProcessInstance(process: process(0), start: 300), .running, begin: at(3).instant)
        #expect(fail(&ledger, 0, at: 4, start: 300) == .act(.stop))
    }

    @Test func `a process that no longer exists does not delay its group`() {
        var ledger = ledger()
        for number in 0..<2 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        ledger.removeProcesses { $0 == process(1) }
        #expect(ledger.begin(at: at(1)).map(\.process) == [process(1)])
    }

    @Test func `what was stopped for good counts as down until someone starts it`() {
        var ledger = ledger { $0.action = .stop }
        for number in 0..<3 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        #expect(ledger.begin(at: at(0)).map(\.process) == [process(0)])
        ledger.finish(process(0), .stopped, at: at(1))
        // The others neither go down nor wait in silence.
        #expect(ledger.begin(at: at(1)).isEmpty)
        #expect(ledger.waiting.isEmpty)
        let reason = HoldReason.group(down: [process(0)])
        for (second, isDue) in [(60, true), (120, false), (3_660, true)] {
            see(&ledger, .stopped, at: second)
            #expect(
                ledger.decide(observation(process(1), at: second), at: at(second))
                    == .hold(reason, isNew: second == 60, isAlertDue: isDue))
        }
        // The next run of the listener knows it, too.
        var next = RestartLedger(ledger.policy)
        next.restore(ledger.stoppedProcesses(stopping: [:]).map(\.record), at: at(4_000))
        let isReported = isReported(&next, .stopped)
        #expect(!isReported)
        #expect(next.stoppedEnough(in: "shop") == [process(0)])
        ledger.see(
            ProcessInstance(process: process(0), start: 300), .running, begin: at(4_000).instant)
        #expect(ledger.decide(observation(process(1), at: 4_001), at: at(4_001)) == .act(.stop))
        next.noteStart(of: process(0), from: .stopped)
        #expect(next.stoppedEnough(in: "shop") == nil)
    }

    /// A ledger of the next run, if this one has ended during a stop for good.
    private func interrupted() -> RestartLedger {
        var ledger = ledger { $0.action = .stop }
        _ = ledger.decide(observation(process(0), at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        var next = RestartLedger(ledger.policy)
        next.restore(
            ledger.stoppedProcesses(stopping: [process(0): 100]).map(\.record), at: at(5))
        return next
    }

    private func isReported(_ ledger: inout RestartLedger, _ state: ProcessState) -> Bool {
        ledger.takeOwedStop(of: process(0), state)
    }

    @Test func `a stop for good that outlives the listener is reported once it is complete`() {
        var next = interrupted()
        #expect(next.stoppedEnough(in: "shop") == [process(0)])
        for (second, state) in [(10, ProcessState.stopping), (20, .stopped), (30, .stopped)] {
            see(&next, state, at: second)
            let isReported = isReported(&next, state)
            #expect(isReported == (second == 20))
        }
        #expect(next.stoppedEnough(in: "shop") == [process(0)])
    }

    @Test func `a stop for good that was not carried out leaves nothing down`() {
        var next = interrupted()
        see(&next, .running, at: 10)
        #expect(next.stoppedEnough(in: "shop") == nil)
        let isReported = isReported(&next, .stopped)
        #expect(!isReported)
    }

    @Test(arguments: [true, false])
    func `processes that serve the same site go down in turn, whatever has failed`(
        isSequential: Bool
    ) {
        var ledger = ledger { $0.isSequential = isSequential }
        var processes: [ProcessName] = []
        for (name, check) in [("cat", "cat=/a"), ("dog", "dog=/b"), ("cow", "cow=/c")] {
            let process = ProcessName(group: name, name: name)
            var observation = observation(process, at: 0, check: check)
            observation.sites = name == "cow" ? ["/c"] : ["/a", "/b"]
            _ = ledger.decide(observation, at: at(0))
            processes.append(process)
        }
        let first = isSequential ? [processes[0], processes[2]] : processes
        #expect(ledger.begin(at: at(1)).map(\.process) == first)
        ledger.finish(processes[0], .restarted, at: at(2))
        #expect(ledger.begin(at: at(2)).map(\.process) == (isSequential ? [processes[1]] : []))
    }

    @Test(arguments: [RestartAction.restart, .alert])
    func `a group that exceeds its limit has one alert, whichever process is the largest`(
        action: RestartAction
    ) {
        var ledger = ledger {
            $0.action = action
            $0.before = ["true"]
        }
        var count = 0
        for second in 0..<10 {
            let observation = observation(process(second % 3), at: second, isOfGroup: true)
            if case .hold(_, _, true) = ledger.decide(observation, at: at(second)) { count += 1 }
            for (process, _) in ledger.begin(at: at(second)) {
                ledger.finish(process, .postponed, at: at(second))
                if ledger.isPostponementDue(process, at: at(second)) { count += 1 }
            }
        }
        #expect(count == 1)
        // Another group has its own, and so has this one when it exceeds its limit again.
        let other = ProcessName(group: "other", name: "web_0")
        #expect(ledger.isAlertDue(other, isOfGroup: true, at: at(10)) == true)
        for number in 0..<3 {
            _ = ledger.decide(
                observation(process(number), .healthy, at: 11, isOfGroup: true), at: at(11))
        }
        #expect(ledger.isAlertDue(web, isOfGroup: true, at: at(12)) == true)
    }

    // MARK: The canary

    private func fail(
        _ ledger: inout RestartLedger, _ number: Int, at second: Int, start: Int = 100
    ) -> Decision {
        ledger.decide(
            observation(process(number), at: second, start: start, isPerProcess: true),
            at: at(second))
    }

    @Test func `one of a group is restarted first, the next when that has helped`() {
        var ledger = ledger()
        #expect(fail(&ledger, 0, at: 0) == .act(.restart))
        #expect(fail(&ledger, 1, at: 0) == .hold(.canary(process(0))))
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        #expect(fail(&ledger, 1, at: 6) == .hold(.canary(process(0)), isNew: false))
        _ = ledger.decide(
            observation(process(0), .healthy, at: 7, start: 200, isPerProcess: true), at: at(7))
        #expect(fail(&ledger, 1, at: 8) == .act(.restart))
    }

    /// As httpok notes it, which looks at no process while its check passes.
    @Test func `the check of the first one, when it passes, lets the next one follow`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        // One of another process, and one from before the restart, prove nothing.
        _ = ledger.pass("other", begin: at(6).instant, at: at(6))
        _ = ledger.pass("site", begin: at(4).instant, at: at(6))
        #expect(fail(&ledger, 1, at: 6) == .hold(.canary(process(0)), isNew: true))
        _ = ledger.pass("site", begin: at(7).instant, at: at(7))
        #expect(fail(&ledger, 1, at: 8) == .act(.restart))
    }

    @Test func `in its start period, the first one is not well because another check passes`() {
        var ledger = ledger {
            $0.startPeriod = 25
            $0.successEndsStartPeriod = true
        }
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        let young = observation(process(0), at: 10, start: 200, uptime: 5, isPerProcess: true)
        #expect(ledger.decide(young, at: at(10)) == .hold(.startPeriod(left: 20)))
        _ = ledger.pass("other", begin: at(11).instant, at: at(11))
        #expect(fail(&ledger, 1, at: 12) == .hold(.canary(process(0)), isNew: false))
        #expect(ledger.decide(young, at: at(12)) == .hold(.startPeriod(left: 20), isNew: false))
        _ = ledger.pass("site", begin: at(13).instant, at: at(13))
        #expect(fail(&ledger, 1, at: 14) == .act(.restart))
    }

    @Test func `a first one that was started late lets the next one follow, too`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .startFailed(""), at: at(5))
        ledger.settlePendingStart(process(0), at: at(6))
        _ = ledger.pass("site", begin: at(7).instant, at: at(7))
        #expect(fail(&ledger, 1, at: 8) == .act(.restart))
    }

    @Test func `groups whose names only look the same do not wait for each other`() {
        var ledger = ledger()
        let names = ["caf\u{E9}", "cafe\u{301}"].map { ProcessName(group: $0, name: "web") }
        for name in names {
            let observation = observation(name, at: 0, isPerProcess: true)
            #expect(ledger.decide(observation, at: at(0)) == .act(.restart))
        }
        #expect(ledger.begin(at: at(0)).count == 2)
    }

    @Test func `if the restart of the first does not help, the others are not restarted`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for number in 0..<8 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        _ = fail(&ledger, 0, at: 6, start: 200)
        let reason = HoldReason.canaryFailed(process(0), others: 7)
        #expect(fail(&ledger, 1, at: 6) == .hold(reason, isAlertDue: true))
        #expect(fail(&ledger, 2, at: 6) == .hold(reason))
        #expect("\(reason)" == "restarting shop:web_0 did not help, 7 others not restarted")
        #expect(ledger.begin(at: at(7)).isEmpty)
    }

    @Test func `an alert that the first one was not helped outlasts that about its limit`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        _ = fail(&ledger, 0, at: 6, start: 200)
        _ = fail(&ledger, 1, at: 6)
        #expect(ledger.givenUp == [process(0)], "each process is named once")
        // Its limit allows another restart, which is postponed.
        #expect(fail(&ledger, 0, at: 3_700, start: 200) == .act(.restart))
        _ = ledger.begin(at: at(3_700))
        ledger.finish(process(0), .postponed, at: at(3_701))
        #expect(ledger.takeResolved().isEmpty)
        #expect(ledger.givenUp == [process(0)])
        // The alert has to say what still applies.
        let isRepeated = ledger.takeReturn(of: process(0))
        #expect(isRepeated)
        guard case .hold(.canaryFailed, _, _) = fail(&ledger, 1, at: 3_702) else {
            Issue.record("the next one is not left alone")
            return
        }
        _ = ledger.pass("site", begin: at(3_703).instant, at: at(3_703))
        #expect(ledger.takeResolved() == [process(0): .recovered])
        #expect(ledger.givenUp.isEmpty)
    }

    @Test func `an alert about a limit outlasts that the first one was not helped`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        _ = fail(&ledger, 0, at: 6, start: 200)
        _ = fail(&ledger, 1, at: 6)
        ledger.endCanary("shop", .restartable)
        #expect(ledger.takeResolved().isEmpty)
        #expect(ledger.givenUp == [process(0)])
    }

    @Test func `those that failed before the first one was restarted are counted, too`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for (number, second) in [(1, 0), (2, 20)] {
            #expect(fail(&ledger, number, at: second) == .act(.restart))
            _ = ledger.begin(at: at(second))
            ledger.finish(process(number), .restarted, at: at(second + 5))
            _ = ledger.decide(
                observation(
                    process(number), .healthy, at: second + 6, start: 200, isPerProcess: true),
                at: at(second + 6))
        }
        // Both wait for their budget, and no process is restarted first.
        for number in 1...2 { _ = fail(&ledger, number, at: 40, start: 200) }
        #expect(fail(&ledger, 0, at: 40) == .act(.restart))
        _ = ledger.begin(at: at(40))
        ledger.finish(process(0), .restarted, at: at(45))
        _ = fail(&ledger, 0, at: 46, start: 300)
        let reason = HoldReason.canaryFailed(process(0), others: 2)
        #expect(fail(&ledger, 1, at: 46, start: 200) == .hold(reason, isAlertDue: true))
    }

    @Test func `only those that still fail and exist are counted`() {
        var ledger = ledger()
        for number in 0..<4 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        // One is removed, one was started by somebody and has not been checked since.
        ledger.removeProcesses { $0 != process(2) }
        ledger.see(
            ProcessInstance(process: process(3), start: 300), .running, begin: at(6).instant)
        _ = fail(&ledger, 0, at: 6, start: 200)
        let reason = HoldReason.canaryFailed(process(0), others: 1)
        #expect(fail(&ledger, 1, at: 6) == .hold(reason, isAlertDue: true))
        #expect("\(reason)" == "restarting shop:web_0 did not help, 1 other not restarted")
    }

    @Test
    func `the next check of a first one that a person starts anew decides, with its event too`() {
        var ledger = tested()
        _ = fail(&ledger, 0, at: 6, start: 200)
        let reason = HoldReason.canaryFailed(process(0), others: 1)
        #expect(fail(&ledger, 1, at: 6) == .hold(reason, isAlertDue: true))
        ledger.noteStart(of: process(0), from: .stopped)
        #expect(ledger.takeResolved() == [process(0): .started])
        #expect(fail(&ledger, 1, at: 7) == .hold(.canary(process(0))))
        _ = ledger.decide(
            observation(process(0), .healthy, at: 8, start: 300, isPerProcess: true), at: at(8))
        #expect(fail(&ledger, 1, at: 9) == .act(.restart))
    }

    /// Without events, its new start is all that shows what a person did.
    @Test func `the next check of a first one that was started anew decides`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        _ = fail(&ledger, 0, at: 6, start: 200)
        guard case .hold(.canaryFailed, _, true) = fail(&ledger, 1, at: 6) else {
            Issue.record("the next one went down, too")
            return
        }
        ledger.see(
            ProcessInstance(process: process(0), start: 300), .running, begin: at(10).instant)
        #expect(fail(&ledger, 1, at: 10) == .hold(.canary(process(0))))
        _ = fail(&ledger, 0, at: 11, start: 300)
        #expect(
            fail(&ledger, 1, at: 11) == .hold(.canaryFailed(process(0), others: 1)))
        ledger.see(
            ProcessInstance(process: process(0), start: 400), .running, begin: at(20).instant)
        _ = ledger.pass("site", begin: at(21).instant, at: at(21))
        #expect(fail(&ledger, 1, at: 22) == .act(.restart))
    }

    /// The others' checks may end before its own in each round.
    @Test func `a first one that fails after each restart is reported to the others`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        for (round, second) in [0, 10].enumerated() {
            let start = 200 + round
            _ = ledger.begin(at: at(second))
            ledger.finish(process(0), .restarted, at: at(second + 5))
            ledger.see(
                ProcessInstance(process: process(0), start: start), .running,
                begin: at(second + 6).instant)
            let expected: Decision =
                round == 0
                ? .hold(.canary(process(0)), isNew: false)
                : .hold(.canaryFailed(process(0), others: 1), isAlertDue: true)
            #expect(fail(&ledger, 1, at: second + 6) == expected)
            #expect(fail(&ledger, 0, at: second + 6, start: start) == .act(.restart))
        }
    }

    @Test func `a first process that cannot be started delays its group`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        ledger.see(ProcessInstance(process: process(0), start: 200), .fatal, begin: at(6).instant)
        guard case .hold(.canaryFailed, _, true) = fail(&ledger, 1, at: 7) else {
            Issue.record("the next one went down, too")
            return
        }
    }

    /// A ledger whose first process was restarted at second 0, while another one waits for it.
    private func tested() -> RestartLedger {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        return ledger
    }

    private func see(_ ledger: inout RestartLedger, _ state: ProcessState, at second: Int) {
        ledger.see(
            ProcessInstance(process: process(0), start: 200), state, begin: at(second).instant)
    }

    @Test(arguments: [ProcessState.exited, .backoff, .unknown])
    func `a first one that stays down after its restart has not been helped`(state: ProcessState) {
        var ledger = tested()
        // supervisord may start it at once.
        for _ in 0..<2 { see(&ledger, state, at: 6) }
        #expect(fail(&ledger, 1, at: 6) == .hold(.canary(process(0)), isNew: false))
        see(&ledger, .running, at: 10)
        see(&ledger, state, at: 15)
        #expect(fail(&ledger, 1, at: 15) == .hold(.canary(process(0)), isNew: false))
        see(&ledger, state, at: 20)
        let reason = HoldReason.canaryFailed(process(0), others: 1)
        #expect(fail(&ledger, 1, at: 20) == .hold(reason, isAlertDue: true))
        #expect(fail(&ledger, 1, at: 25) == .hold(reason, isNew: false))
        #expect(fail(&ledger, 1, at: 3_620) == .hold(reason, isNew: false, isAlertDue: true))
    }

    @Test func `a first one that is removed lets the next one try`() {
        var ledger = tested()
        ledger.removeProcesses { $0 != process(0) }
        #expect(fail(&ledger, 1, at: 6) == .act(.restart))
    }

    @Test func `a first one whose check has no result lets the next one try`() {
        var ledger = tested()
        for second in 6...8 {
            #expect(fail(&ledger, 1, at: second) == .hold(.canary(process(0)), isNew: false))
            ledger.noteUnknown(process(0))
        }
        #expect(fail(&ledger, 1, at: 9) == .act(.restart))
    }

    @Test func `a first one that is silenced lets the next one try`() {
        var ledger = tested()
        ledger.silence = Silence("shop:web_0", modified: origin.time)
        #expect(fail(&ledger, 1, at: 6) == .act(.restart))
    }

    @Test func `a first one that is silenced after its restart has failed lets the next one try`() {
        var ledger = tested()
        _ = fail(&ledger, 0, at: 6, start: 200)
        let reason = HoldReason.canaryFailed(process(0), others: 1)
        #expect(fail(&ledger, 1, at: 6) == .hold(reason, isAlertDue: true))
        ledger.silence = Silence("shop:web_0", modified: origin.time)
        #expect(ledger.begin(at: at(7)).isEmpty)
        #expect(fail(&ledger, 1, at: 7) == .act(.restart))
        #expect(ledger.takeResolved() == [process(0): .restartable])
    }

    @Test func `a first one that fails now and then is reported with each reminder`() {
        var ledger = ledger()
        var dues: [Int] = []
        var returns: [Int] = []
        for (number, second) in stride(from: 0, to: 3_700, by: 100).enumerated() {
            let start = 100 + number
            // Each time, the next one is tried after it, which helps.
            #expect(fail(&ledger, 0, at: second, start: start) == .act(.restart))
            _ = ledger.begin(at: at(second))
            ledger.finish(process(0), .restarted, at: at(second + 1))
            _ = fail(&ledger, 0, at: second + 2, start: start + 1)
            let decision = fail(&ledger, 1, at: second + 2)
            if case .hold(.canaryFailed, _, isAlertDue: true) = decision { dues.append(second) }
            if ledger.takeReturn(of: process(0)) { returns.append(second) }
            #expect(ledger.givenUp == [process(0)])
            _ = ledger.begin(at: at(second + 3))
            ledger.finish(process(0), .restarted, at: at(second + 4))
            _ = ledger.pass("site", begin: at(second + 5).instant, at: at(second + 5))
            #expect(ledger.takeResolved() == [process(0): .recovered])
        }
        #expect(dues == [0, 3_600])
        #expect(returns.count == 35)
    }

    @Test func `the state of a first one is known when its restart has not helped`() {
        var ledger = tested()
        see(&ledger, .fatal, at: 6)
        #expect(ledger.canaries["shop"]?.state == .fatal)
    }

    @Test func `a first one that a person stops lets the next one try`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .restarted, at: at(5))
        ledger.see(ProcessInstance(process: process(0), start: 200), .stopped, begin: at(6).instant)
        #expect(fail(&ledger, 1, at: 7) == .act(.restart))
    }

    @Test func `a first one that was not stopped at all is none`() {
        var ledger = ledger()
        for number in 0..<2 { _ = fail(&ledger, number, at: 0) }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .postponed, at: at(5))
        #expect(fail(&ledger, 1, at: 7) == .act(.restart))
    }

    @Test func `after a postponed restart one more failed check is enough`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 3, checks: 3) }
        for second in 0...2 { _ = ledger.decide(observation(at: second), at: at(second)) }
        _ = ledger.begin(at: at(2))
        ledger.finish(web, .postponed, at: at(3))
        #expect(ledger.held == [web: .postponed])
        let isDue = [3, 4].map { ledger.isPostponementDue(web, at: at($0)) }
        #expect(isDue == [true, false])
        #expect(ledger.decide(observation(at: 4), at: at(4)) == .act(.restart))
        #expect(ledger.records[web]?.formerHold == .postponed)
    }

    // MARK: The rest

    @Test func `a dry run has the same limits and delays`() {
        var ledger = ledger {
            $0.isDryRun = true
            $0.startPeriod = 60
            $0.limit = RestartLimit(count: 1, period: 3_600)
        }
        #expect(ledger.decide(observation(at: 0), at: at(0)) == .act(.restart))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .dryRun, at: at(0))
        #expect(ledger.decide(observation(at: 20), at: at(20)) == .hold(.startPeriod(left: 40)))
        #expect(ledger.decide(observation(at: 60), at: at(60)) == budgetHold(isAlertDue: true))
    }

    @Test func `a dry run tests no process of a group`() {
        var ledger = ledger { $0.isDryRun = true }
        for number in [0, 1] {
            let found = observation(process(number), at: 0, isPerProcess: true)
            let decision = ledger.decide(found, at: at(0))
            #expect(decision == (number == 0 ? .act(.restart) : .hold(.canary(process(0)))))
        }
        _ = ledger.begin(at: at(0))
        ledger.finish(process(0), .dryRun, at: at(0))
        let next = observation(process(1), at: 5, isPerProcess: true)
        #expect(ledger.decide(next, at: at(5)) == .act(.restart))
    }

    @Test func `failed programs are started up to the restart limit`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        let fatal = observation(at: 0, state: .fatal)
        #expect(ledger.decideStart(fatal, at: at(0)) == .act(.start))
        #expect(ledger.decideStart(fatal, at: at(0)) == .nothing)
        #expect(ledger.begin(at: at(0)).map(\.act) == [.start])
        ledger.finish(web, .restarted, at: at(0))
        let again = observation(at: 2, start: 200, state: .fatal)
        #expect(ledger.decideStart(again, at: at(2)) == budgetHold(isAlertDue: true))
    }

    @Test(arguments: [ProcessState.fatal, .exited])
    func `a start is not taken back by checks, which fail or pass without the program`(
        state: ProcessState
    ) {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        // It fails a check before its end.
        _ = ledger.decide(observation(at: 0), at: at(0))
        let down = observation(at: 1, state: state)
        #expect(ledger.decideStart(down, at: at(1)) == .act(.start))
        #expect(ledger.decide(down, at: at(2)) == .hold(.state(state)))
        #expect(ledger.pass("site", begin: at(3).instant, at: at(3)) == [])
        #expect(ledger.begin(at: at(4)).map(\.act) == [.start])
    }

    @Test func `a failed program that others start now and then keeps the interval of its alert`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 7_200) }
        _ = ledger.decideStart(observation(at: 0, state: .exited), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        var dues: [Bool] = []
        for start in [200, 300] {
            let down = observation(at: start, start: start, state: .exited)
            let decision = ledger.decideStart(down, at: at(start))
            if case .hold(.budget, _, let isDue) = decision { dues.append(isDue) }
            ledger.see(
                ProcessInstance(process: web, start: start + 1), .running,
                begin: at(start + 1).instant)
            #expect(ledger.takeResolved() == [web: .started])
        }
        #expect(dues == [true, false])
    }

    /// Its checks find other reasons, and its site may be well without it.
    @Test func `a failed program that is not started has one reason and one alert`() {
        var ledger = ledger { $0.before = ["true"] }
        var dues: [Bool] = []
        var holds: [HoldReason?] = []
        for second in [0, 10, 20, 3_620] {
            let fatal = observation(at: second, state: .fatal)
            #expect(ledger.decideStart(fatal, at: at(second)) == .act(.start))
            _ = ledger.begin(at: at(second))
            holds.append(ledger.records[web]?.formerHold)
            ledger.finish(web, .postponed, at: at(second + 1))
            dues.append(ledger.isPostponementDue(web, at: at(second + 1)))
            _ = ledger.decide(observation(at: second + 2, state: .fatal), at: at(second + 2))
            if second == 10 { _ = ledger.pass("site", begin: at(13).instant, at: at(13)) }
        }
        #expect(holds == [nil, .postponed, .postponed, .postponed])
        #expect(dues == [true, false, false, true])
    }

    @Test func `a failed program is given up once, whatever other checks find`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        #expect(ledger.decideStart(observation(at: 0, state: .fatal), at: at(0)) == .act(.start))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        var decisions: [Decision] = []
        for second in [10, 20, 30] {
            let fatal = observation(at: second, start: 200, state: .fatal)
            decisions.append(ledger.decideStart(fatal, at: at(second)))
            _ = ledger.decide(fatal, at: at(second + 1))
            _ = ledger.pass("site", begin: at(second + 2).instant, at: at(second + 2))
        }
        #expect(
            decisions == [
                budgetHold(isAlertDue: true), budgetHold(isNew: false), budgetHold(isNew: false),
            ])
        #expect(ledger.takeResolved().isEmpty)
        // The next run awaits its start, too.
        var next = RestartLedger(ledger.policy)
        for alert in ledger.givenUpAlerts { next.restore(alert, at: at(40)) }
        _ = next.pass("site", begin: at(400).instant, at: at(400))
        #expect(next.takeResolved().isEmpty)
        for number in 0...1 {
            var one = number == 0 ? ledger : next
            one.see(
                ProcessInstance(process: web, start: 300), .running, begin: at(500).instant)
            #expect(one.takeResolved() == [web: .started])
        }
    }

    /// The new instance has not failed a check yet.
    @Test func `a check of something else does not end the alert about a restart limit`() {
        var ledger = ledger { $0.limit = RestartLimit(count: 1, period: 3_600) }
        _ = ledger.decide(observation(at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        ledger.finish(web, .restarted, at: at(0))
        let again = ledger.decide(observation(at: 2, start: 200), at: at(2))
        #expect(again == budgetHold(isAlertDue: true))
        ledger.see(ProcessInstance(process: web, start: 300), .running, begin: at(3).instant)
        _ = ledger.pass("other", begin: at(4).instant, at: at(4))
        #expect(ledger.takeResolved().isEmpty)
        #expect(
            ledger.decide(observation(at: 5, start: 300), at: at(5)) == budgetHold(isNew: false))
        _ = ledger.pass("site", begin: at(6).instant, at: at(6))
        #expect(ledger.takeResolved() == [web: .recovered])
    }

    @Test func `with alerts only, a failed program has an alert for each of its failures`() {
        var ledger = ledger { $0.action = .alert }
        let decisions = [(0, 100), (10, 100), (20, 200)].map { second, start in
            ledger.decideStart(
                observation(at: second, start: start, state: .fatal), at: at(second))
        }
        #expect(
            decisions == [
                .hold(.alertOnly, isAlertDue: true), .hold(.alertOnly, isNew: false),
                .hold(.alertOnly, isAlertDue: true),
            ])
    }

    @Test func `what was taken out of the queue has its reason`() throws {
        let hours = RestartWindow.Hours(days: Set(0...6), begin: 0, end: 1_440)
        var ledger = ledger { $0.window = RestartWindow(hours: [hours]) }
        for number in 0..<4 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        _ = ledger.begin(at: at(0))
        _ = ledger.decide(observation(process(1), at: 1, state: .stopped), at: at(1))
        ledger.removeProcesses { $0 != process(2) }
        ledger.silence = Silence("shop:web_3", modified: origin.time)
        ledger.finish(process(0), .restarted, at: at(2))
        #expect(ledger.begin(at: at(2)).isEmpty)
        #expect(ledger.takeWithdrawal(of: process(1)) == "it is STOPPED")
        #expect(ledger.takeWithdrawal(of: process(2)) == "it no longer exists")
        let silence = ledger.takeWithdrawal(of: process(3))
        #expect(silence.hasPrefix("silenced until "))
    }

    @Test func `a start does not wait for other processes`() {
        var ledger = ledger()
        _ = ledger.decide(observation(process(0), at: 0), at: at(0))
        _ = ledger.begin(at: at(0))
        _ = ledger.decideStart(observation(process(1), at: 0, state: .fatal), at: at(0))
        #expect(ledger.begin(at: at(0)).map(\.process) == [process(1)])
    }

    @Test func `a check that passed for all is noted for those that failed it`() {
        var ledger = ledger { $0.threshold = FailureThreshold(failures: 2, checks: 2) }
        for number in 0..<2 { _ = ledger.decide(observation(process(number), at: 0), at: at(0)) }
        #expect(ledger.pass("site", begin: at(1).instant, at: at(1)).isEmpty)
        guard
            case .hold(.threshold(failures: 1, _), _, _) = ledger.decide(
                observation(at: 2), at: at(2))
        else {
            Issue.record("the success did not count")
            return
        }
    }

    @Test func `a reason is forgotten when the check passes`() {
        var ledger = ledger()
        _ = ledger.decide(observation(at: 0, state: .fatal), at: at(0))
        #expect(ledger.held == [web: .state(.fatal)])
        _ = ledger.pass("site", begin: at(1).instant, at: at(1))
        #expect(ledger.held.isEmpty)
    }

    @Test func `no records of healthy processes are kept`() {
        var ledger = ledger()
        for number in 0..<1_000 {
            _ = ledger.decide(observation(process(number), .healthy, at: 0), at: at(0))
        }
        #expect(ledger.records.isEmpty)
        _ = ledger.decide(observation(at: 1), at: at(1))
        _ = ledger.decide(observation(nil, .healthy, at: 2), at: at(2))
        #expect(ledger.records.isEmpty)
    }
}
