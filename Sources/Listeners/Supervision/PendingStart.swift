internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// A process that we stopped and that is not known to be running again.
struct PendingStart {
    let process: ProcessName

    /// Distinguishes it from an earlier one of the same process.
    let number: Int

    /// The last observed state; just before the stop it counts as stopped.
    var lastSeen: Sight

    /// Reports the delayed start; called in a worker.
    let reportStart: (ProcessName) -> Void

    /// The observed state of a process.
    struct Sight: Hashable {
        let state: ProcessState
        let start: Int
        /// Whether the Go implementation shows it.
        var isFromGoSupervisord = false
    }

    /// The next step.
    enum Step: Equatable {
        case start
        case wait
        /// It runs again after its stop, such as by a start whose response was lost.
        case report
        case forget(String)
    }

    /// Decides by the current state of the process.
    ///
    /// It is left alone as soon as it is running or someone else has acted on it: it was stopped
    /// although it was not stopped before, or was started by someone else.
    ///
    /// - Parameter now: The current state.
    /// - Returns: The next step.
    func step(_ now: Sight) -> Step {
        switch now.state {
        case .running:
            // The stop was about to be requested, and was not carried out.
            let wasNeverDown = lastSeen.state == .stopping && lastSeen.start == now.start
            return wasNeverDown ? .forget("it is running") : .report
        case .backoff where now.isFromGoSupervisord && now.start == lastSeen.start:
            // This is how it leaves a process whose start it has ignored.
            return .start
        case .starting, .stopping, .backoff:
            return .wait
        case .stopped:
            let wasDown = [.stopped, .stopping].contains(lastSeen.state)
            guard wasDown && lastSeen.start == now.start else {
                return .forget("it was stopped by someone else")
            }
            return .start
        default:
            return .start
        }
    }

    // MARK: In a worker

    /// Checks the process, and starts it if that is our task.
    ///
    /// - Parameters:
    ///   - client: The connection to supervisord.
    ///   - log: The log.
    ///   - outlook: Who retries it next.
    /// - Returns: The worker's exit status.
    func retry(_ client: SupervisorClient, log: Log, outlook: RetryOutlook) -> Int32 {
        do throws(RPCError) {
            var info = try client.getProcessInfo(process.qualifiedName)
            let control = SupervisorControl(client: client, log: log)
            if info.state == .stopped, !control.staysStopped(info) {
                info = try client.getProcessInfo(process.qualifiedName)
            }
            let now = Sight(
                state: info.state, start: info.start, isFromGoSupervisord: info.isFromGoSupervisord)
            switch step(now) {
            case .wait:
                write(.seen(info.state, start: info.start))
            case .report:
                report(log)
                write(.settled)
            case .forget(let reason):
                log.report(.info, "no longer retrying \(process): \(reason)")
                write(.settled)
            case .start:
                start(info, client, log, outlook)
            }
        } catch {
            guard case .fault(let fault) = error, fault.code == .badName else {
                log.report(
                    .warning,
                    outlook.retry == .listener
                        ? "cannot check whether \(process) has started, retrying: \(error)"
                        : "cannot check whether \(process) has started: \(error)")
                UnfinishedRecord().write()
                return 0
            }
            log.report(.info, "no longer retrying \(process): it no longer exists")
            write(.settled)
        }
        return 0
    }

    private func start(
        _ info: SupervisedProcess, _ client: SupervisorClient, _ log: Log, _ outlook: RetryOutlook
    ) {
        let target = RestartTarget(
            process: process, act: .start, start: info.start, pid: info.pid, reason: "")
        let job = RestartJob(
            target: target, policy: RestartPolicy(),
            control: SupervisorControl(client: client, log: log), note: target.write)
        let outcome = job.start(after: info)
        switch outcome {
        case .restarted, .alreadyStarted:
            report(log)
        case .startFailed(let reason):
            log.report(
                .warning,
                outlook.retry == .listener
                    ? "failed to start \(process), retrying: \(reason)"
                    : "failed to start \(process): \(reason); this listener is exiting")
        case .outdated(let reason), .prevented(let reason):
            log.report(outcome.level, "no longer retrying \(process): \(reason)")
        case .shutdown:
            log.report(.info, "no longer retrying \(process): \(RestartOutcome.shutdownReason)")
        case .stopped, .stopFailed, .recovered, .postponed, .dryRun:
            break
        }
    }

    private func report(_ log: Log) {
        log.write(.info, "\(process) restarted")
        RestartOutcomeRecord(process: process, outcome: .restarted).write()
        reportStart(process)
    }

    private func write(_ event: PendingStartRecord.Event) {
        PendingStartRecord(process: process, event: event).write()
    }
}

extension RestartTarget {
    /// Reports progress to the parent; called in a worker.
    func write(_ note: RestartNote) {
        let event: PendingStartRecord.Event =
            switch note {
            case .stopping: .stopping(start: start)
            case .stoppingForGood: .stoppingForGood(start: start)
            case .starting: .starting
            case .settled: .settled
            case .seen(let state, let start): .seen(state, start: start)
            }
        PendingStartRecord(process: process, event: event).write()
    }
}
