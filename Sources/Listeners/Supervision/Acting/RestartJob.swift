internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// One restart: conditions, `--before`, presignal, evidence, stop, start; then `--after`.
///
/// Runs in a worker.
///
/// From the request of a stop on, a start is pending. The job reports that before the request
/// (``RestartNote/stopping``), so that the start takes place even if the job fails.
struct RestartJob<Control: ProcessControl> {
    private(set) var target: RestartTarget
    let policy: RestartPolicy
    let control: Control
    /// Whether the process passes all its checks by now; called after the presignal.
    var isHealthy: () -> Bool = { false }
    /// Which condition of the policy no longer holds; called before each step.
    var obstacle: () -> HoldReason? = { nil }
    /// Collects evidence that is only available before the stop.
    var collectEvidence: (SupervisedProcess) -> Void = { _ in }
    /// Called just before the stop or the start.
    var willAct: (RestartStep) -> Void = { _ in }
    /// Called just before the start of a process, which is down.
    var willStart: (SupervisedProcess) -> Void = { _ in }
    /// Whether to start a process whose stop was rejected, since it may have ended by itself.
    var startsAfterRefusedStop: (String) -> Bool = { _ in false }
    /// Whether the listener still runs; the next one decides anew, unless the process is being
    /// stopped.
    var isWanted: () -> Bool = { true }
    var note: (RestartNote) -> Void

    private var process: ProcessName { target.process }

    /// Runs the restart.
    ///
    /// - Returns: The outcome.
    func run() -> RestartOutcome {
        var info: SupervisedProcess
        switch look() {
        case .success(let current): info = current
        case .failure(let end): return end.outcome
        }
        if policy.isDryRun {
            collectEvidence(info)
            return .dryRun
        }
        if !policy.before.isEmpty {
            if control.run(policy.before, target.variables()) == Self.notNow { return .postponed }
        }
        guard target.act != .start, let presignal = policy.presignal else { return act() }
        switch warn(presignal) {
        case .success(let target):
            var job = self
            job.target = target
            return job.act()
        case .failure(let end): return end.outcome
        }
    }

    /// Whether `--after` runs after an outcome.
    func isFollowed(_ outcome: RestartOutcome) -> Bool {
        !policy.after.isEmpty && outcome.isCharged && outcome != .dryRun
    }

    /// Runs `--after`: it may take a minute, so nothing else waits for it.
    ///
    /// - Parameter outcome: The outcome of the restart.
    func follow(_ outcome: RestartOutcome) {
        guard isFollowed(outcome) else { return }
        _ = control.run(policy.after, target.variables(outcome))
    }

    private func act() -> RestartOutcome {
        var info: SupervisedProcess
        // The commands and the signal may have taken a minute.
        switch look() {
        case .success(let current): info = current
        case .failure(let end): return end.outcome
        }
        guard isWanted() else { return Self.abandoned }
        collectEvidence(info)
        // So may a core dump.
        switch look() {
        case .success(let current): info = current
        case .failure(let end): return end.outcome
        }
        willAct(target.act)
        switch target.act {
        case .restart: return restart()
        case .stop: return stopForGood()
        case .start: return start(after: info)
        }
    }

    private static var abandoned: RestartOutcome { .outdated("this listener has ended") }

    /// The exit status of `--before` that postpones the restart (sysexits.h, EX_TEMPFAIL).
    private static var notNow: Int32 { 75 }

    // MARK: Conditions

    private struct End: Error {
        let outcome: RestartOutcome
    }

    private func look() -> Result<SupervisedProcess, End> {
        do throws(RPCError) {
            let info = try control.info(of: process)
            if let change = target.change(info) {
                return .failure(End(outcome: .outdated(change)))
            }
            guard let reason = obstacle() else { return .success(info) }
            return .failure(End(outcome: .prevented("\(reason)")))
        } catch {
            return .failure(End(outcome: error.isShuttingDown ? .shutdown : Self.outdated(error)))
        }
    }

    private static func outdated(_ error: RPCError) -> RestartOutcome {
        if case .fault(let fault) = error, fault.code == .badName {
            return .outdated("it no longer exists")
        }
        return .outdated("\(RestartOutcome.noSupervisord): \(error)")
    }

    // MARK: The presignal

    /// Sends the signal, and waits for its effect.
    ///
    /// - Returns: The process to stop, or the outcome if it need not be stopped any more.
    private func warn(_ presignal: Presignal) -> Result<RestartTarget, End> {
        let stops = control.stops(of: process)
        do throws(RPCError) {
            try control.signal(process, presignal.signal)
        } catch {
            // The process may just have ended; the next check shows that.
        }
        let end = control.now + .seconds(presignal.wait)
        repeat {
            if presignal.wait > 0 {
                control.pause(min(.milliseconds(500), .seconds(presignal.wait)))
            }
            if let ended = lookForItsEnd(after: stops) { return ended }
        } while control.now < end
        let isSpared = isHealthy()
        // A process that the signal kills uses no memory and answers nothing, and supervisord shows
        // its end a moment later.
        control.pause(.milliseconds(500))
        if let ended = lookForItsEnd(after: stops) { return ended }
        return isSpared ? .failure(End(outcome: .recovered)) : .success(target)
    }

    /// Checks whether the process has ended since the signal.
    ///
    /// - Parameter stops: When it was stopped before the signal; nil if unknown.
    /// - Returns: What to do then; nil if it has not ended, or if that is not known.
    private func lookForItsEnd(after stops: Set<String>?) -> Result<RestartTarget, End>? {
        guard let info = try? control.info(of: process),
            !target.isSame(info) || info.state != .running
        else { return nil }
        // The next process may write to the same log.
        if info.pid == 0 { collectEvidence(info) }
        return target.act == .stop
            ? stayDown(after: stops) : .failure(End(outcome: afterItsEnd(after: stops)))
    }

    /// The process has ended: if that was by itself, supervisord starts it, or this job does.
    private func afterItsEnd(after stops: Set<String>?) -> RestartOutcome {
        note(.stopping)
        switch watchEnd(after: stops) {
        case .running: return settle(.restarted)
        case .stopped(let change): return settle(.outdated(change))
        case .down(let info): return start(after: info)
        case .unclear: return .startFailed("it exited after the signal and did not restart")
        case .shutdown: return settle(.shutdown)
        }
    }

    /// The process that was to be stopped has ended by itself: it is stopped if supervisord starts
    /// it again.
    ///
    /// - Returns: The new process, or the outcome.
    private func stayDown(after stops: Set<String>?) -> Result<RestartTarget, End> {
        switch watchEnd(after: stops) {
        case .running(let info): .success(target.renewed(info))
        case .stopped(let change): .failure(End(outcome: .outdated(change)))
        case .down: .failure(End(outcome: .stopped))
        case .unclear:
            .failure(End(outcome: .stopFailed("it neither runs nor stays down", in: state)))
        case .shutdown: .failure(End(outcome: .shutdown))
        }
    }

    /// What became of a process that has ended.
    private enum Aftermath {
        /// supervisord has started it.
        case running(SupervisedProcess)
        /// Someone has stopped it, and may have started it again, as a clause.
        case stopped(String)
        /// supervisord does not start it.
        case down(SupervisedProcess)
        case unclear
        /// supervisord is shutting down.
        case shutdown
    }

    private func watchEnd(after stops: Set<String>?) -> Aftermath {
        let aftermath = watchEnd()
        switch aftermath {
        case .running(let info), .down(let info):
            // A quick stop and start by a person are never seen as states.
            guard !target.isSame(info), let stops, let now = control.stops(of: process),
                !now.isSubset(of: stops)
            else { return aftermath }
            return .stopped("it was restarted meanwhile")
        case .stopped, .unclear, .shutdown: return aftermath
        }
    }

    private func watchEnd() -> Aftermath {
        let end = control.now + Self.longest
        var rests = 0
        while control.now < end {
            let info: SupervisedProcess
            do throws(RPCError) {
                info = try control.info(of: process)
            } catch {
                if error.isShuttingDown { return .shutdown }
                control.pause(.seconds(1))
                continue
            }
            switch info.state {
            case .running where !target.isSame(info): return .running(info)
            case .stopped where control.staysStopped(info):
                return .stopped("it was stopped by someone else")
            case .fatal: return .down(info)
            case .exited:
                // supervisord restarts processes on its own within a second.
                rests += 1
                if rests > Self.restingLooks { return .down(info) }
            default: rests = 0
            }
            control.pause(.milliseconds(500))
        }
        return .unclear
    }

    /// How often a process must be seen EXITED before it counts as not restarted by supervisord.
    private static var restingLooks: Int { 5 }

    // MARK: Stop and start

    private func restart() -> RestartOutcome {
        switch stop(willStart: true) {
        case .success(let info): start(after: info)
        case .failure(let end): end.outcome
        }
    }

    private func stopForGood() -> RestartOutcome {
        switch stop(willStart: false) {
        case .success: .stopped
        case .failure(let end): end.outcome
        }
    }

    /// Starts a process that ended by itself just before the stop, as superlance does.
    ///
    /// - Parameter reason: Why the stop was rejected.
    /// - Returns: The outcome; nil if the process is not ours to start.
    private func startEnded(_ reason: String) -> RestartOutcome? {
        guard target.act == .restart, startsAfterRefusedStop(reason),
            let info = try? control.info(of: process),
            ![.stopped, .stopping].contains(info.state)
        else { return nil }
        let outcome = start(after: info)
        guard case .alreadyStarted(let text, _) = outcome else { return outcome }
        return .alreadyStarted(text, wasStopped: false)
    }

    /// Stops the process and waits for its end, however long that takes.
    ///
    /// - Returns: The stopped process, or the failure.
    private func stop(willStart: Bool) -> Result<SupervisedProcess, End> {
        note(willStart ? .stopping : .stoppingForGood)
        guard isWanted() else { return .failure(End(outcome: settle(Self.abandoned))) }
        do throws(RPCError) {
            try control.stop(process)
        } catch {
            // Without a response the process may have been stopped: then the start stays pending.
            guard case .fault(let fault) = error else {
                let isStopped = error == .unauthorized ? false : seesStop()
                if isStopped == true { return watchStop(willStart: willStart) }
                if isStopped == false { note(.settled) }
                return .failure(
                    End(outcome: .stopFailed("\(error)", in: isStopped == nil ? nil : .running)))
            }
            guard !error.isShuttingDown else { return .failure(End(outcome: settle(.shutdown))) }
            // The Go implementation sends the signal, and rejects a stop that is not complete at
            // once.
            if fault.code == .failed, (try? control.info(of: process))?.isFromGoSupervisord == true
            {
                return watchStop(willStart: willStart)
            }
            note(.settled)
            let outcome = startEnded("\(fault)") ?? .stopFailed("\(fault)", in: state)
            return .failure(End(outcome: outcome))
        }
        return watchStop(willStart: willStart, isAccepted: true)
    }

    /// Whether a stop whose response was lost has been carried out: supervisord shows STOPPING
    /// before it responds; nil if supervisord cannot be asked.
    private func seesStop() -> Bool? {
        var result: Bool?
        for _ in 0..<Self.restingLooks {
            control.pause(.milliseconds(500))
            guard let info = try? control.info(of: process) else { continue }
            if !target.isSame(info) || info.state != .running { return true }
            result = false
        }
        return result
    }

    /// Waits for the end of the process.
    ///
    /// - Parameters:
    ///   - willStart: Whether the process will be started afterwards.
    ///   - isAccepted: Whether supervisord has confirmed the stop.
    /// - Returns: The stopped process, or the failure.
    private func watchStop(
        willStart: Bool, isAccepted: Bool = false
    ) -> Result<SupervisedProcess, End> {
        var pauses = Pauses()
        let end = control.now + Self.longest
        var lastAnswer = control.now
        var stopped = target
        var isFirst = isAccepted
        while control.now < end {
            do throws(RPCError) {
                let info = try control.info(of: process)
                lastAnswer = control.now
                // It was restarted between the last look and the stop, which was carried out: so
                // this is the instance that it has stopped.
                if isFirst, !stopped.isSame(info), [.stopped, .stopping].contains(info.state) {
                    stopped = target.renewed(info)
                    note(.seen(info.state, start: info.start))
                }
                isFirst = false
                if !stopped.isSame(info) {
                    // Someone has started it, which may yet fail: then the start is ours again.
                    let isFailing = [.starting, .backoff, .fatal, .unknown].contains(info.state)
                    if willStart && isFailing { return .success(info) }
                    guard control.staysStopped(info) else { continue }
                    let outcome: RestartOutcome =
                        [.stopped, .stopping].contains(info.state)
                        ? .outdated("it was stopped by someone else")
                        : .alreadyStarted("it is running again", wasStopped: true)
                    return .failure(End(outcome: settle(outcome)))
                }
                switch info.state {
                case .stopped, .exited, .fatal, .backoff, .unknown: return .success(info)
                case .starting, .running, .stopping: break
                }
            } catch {
                if case .fault(let fault) = error {
                    let outcome: RestartOutcome =
                        fault.code == .badName
                        ? Self.outdated(error)
                        : error.isShuttingDown ? .shutdown : .stopFailed("\(fault)", in: nil)
                    return .failure(End(outcome: settle(outcome)))
                }
                if control.now - lastAnswer > Self.persistence {
                    return .failure(End(outcome: .stopFailed("\(error)", in: nil)))
                }
            }
            control.pause(pauses.next())
        }
        return .failure(End(outcome: .stopFailed("it did not exit within an hour", in: state)))
    }

    /// The current state, for an alert; nil if supervisord does not respond.
    private var state: ProcessState? { (try? control.info(of: process))?.state }

    /// Starts the process, and waits until it is running.
    ///
    /// - Parameter down: The process before the start.
    /// - Returns: The outcome.
    func start(after down: SupervisedProcess) -> RestartOutcome {
        if down.isFromGoSupervisord { control.pause(Self.goHostLook) }
        let end = control.now + Self.persistence
        willStart(down)
        while true {
            do throws(RPCError) {
                note(.starting)
                try control.start(process)
                return watchStart(after: down)
            } catch {
                if case .fault(let fault) = error {
                    if error.isShuttingDown { return settle(.shutdown) }
                    if fault.code == .alreadyStarted {
                        // supervisord answers so in STARTING and BACKOFF, too.
                        let outcome = watchStart(after: nil)
                        return outcome == .restarted
                            ? .alreadyStarted("\(fault)", wasStopped: true) : outcome
                    }
                    // The Go implementation starts the process, and answers so unless it runs at
                    // once.
                    if down.isFromGoSupervisord && fault.code == .abnormalTermination {
                        return watchStart(after: down)
                    }
                    return failStart("\(fault)")
                }
                guard error.isConnectionFailure, control.now < end else {
                    return failStart("\(error)")
                }
                control.pause(.seconds(1))
                // Before repeating the call: it may have succeeded although the response was lost.
                if let info = try? control.info(of: process), !info.isSameRun(as: down) {
                    return watchStart(after: down)
                }
            }
        }
    }

    /// Watches a start.
    ///
    /// - Parameter down: The process before the start; nil if someone else has started it.
    /// - Returns: The outcome.
    private func watchStart(after down: SupervisedProcess?) -> RestartOutcome {
        var pauses = Pauses()
        let end = control.now + Self.longest
        var lastAnswer = control.now
        var rests = 0
        let endOfRequests = control.now + Self.goHostPause
        while control.now < end {
            do throws(RPCError) {
                let info = try control.info(of: process)
                lastAnswer = control.now
                let isIgnored =
                    info.isFromGoSupervisord && info.start == down?.start
                    && ![.starting, .running].contains(info.state)
                if isIgnored || down.map(info.isSameRun) ?? false
                    || info.state == .exited && !hasEndedAsExpected(info)
                {
                    rests += 1
                    // A response may arrive before the new start is visible, and supervisord
                    // restarts processes on its own within a second.
                    if rests > Self.restingLooks {
                        guard isIgnored, control.now < endOfRequests else {
                            return failStart(abnormalTermination)
                        }
                        rests = 0
                        try? control.start(process)
                    }
                } else if let outcome = outcome(ofStart: info) {
                    return outcome
                }
            } catch {
                if error.isShuttingDown { return settle(.shutdown) }
                if case .fault(let fault) = error { return failStart("\(fault)") }
                if control.now - lastAnswer > Self.persistence { return failStart("\(error)") }
            }
            control.pause(pauses.next())
        }
        // It stays STARTING for up to an hour, depending on startsecs=.
        return settle(.restarted)
    }

    private func outcome(ofStart info: SupervisedProcess) -> RestartOutcome? {
        switch info.state {
        // A job may have ended already.
        case .running, .exited: settle(.restarted)
        case .starting: nil
        case .stopped, .stopping:
            control.staysStopped(info)
                ? settle(.outdated("it was stopped by someone else")) : nil
        case .backoff where control.restsInBackoff(info):
            settle(.outdated("it was stopped by someone else"))
        case .fatal, .backoff, .unknown: failStart(abnormalTermination)
        }
    }

    /// Whether a process that is EXITED has done its job.
    private func hasEndedAsExpected(_ info: SupervisedProcess) -> Bool {
        info.isFromGoSupervisord || info.exitStatus == 0
            || control.exitCodes(of: process).contains(info.exitStatus)
    }

    /// supervisord's fault for a start that it was asked to wait for.
    private var abnormalTermination: String {
        "\(Fault(code: .abnormalTermination, message: "ABNORMAL_TERMINATION: \(process)"))"
    }

    // MARK: Outcomes

    private func settle(_ outcome: RestartOutcome) -> RestartOutcome {
        note(.settled)
        return outcome
    }

    private func failStart(_ reason: String) -> RestartOutcome {
        if let info = try? control.info(of: process) {
            note(.seen(info.state, start: info.start))
        }
        return .startFailed(reason)
    }

    /// How long the Go implementation may need to notice the end of a process that it stops: it looks
    /// every 10 ms, and kills the next process if that one runs by then.
    private static var goHostLook: Duration { .milliseconds(500) }

    /// How long the Go implementation may ignore the start of a process that has just ended, which it
    /// answers like others: it waits up to five seconds before it starts one itself.
    private static var goHostPause: Duration { .seconds(12) }

    /// How long a call is repeated when supervisord cannot be reached.
    private static var persistence: Duration { .seconds(60) }

    /// The maximum time to watch a stop or a start: a backstop, not a limit.
    private static var longest: Duration { .seconds(3_600) }
}

/// The pauses between two checks: short at first, since most stops and starts are quick.
private struct Pauses {
    private var pause = Duration.milliseconds(50)

    mutating func next() -> Duration {
        defer { pause = min(pause * 1.5, .seconds(2)) }
        return pause
    }
}
