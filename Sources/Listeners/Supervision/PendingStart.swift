// A process that we stopped and have not seen running since.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// A process that we stopped and have not seen running since.
struct PendingStart {
    let process: ProcessName

    /// What tells it from an earlier one of the same process.
    let number: Int

    /// How it was when we last looked; just before the stop it is as good as stopped.
    var lastSeen: Sight

    /// Reports its start, when it has come at last; called in a worker.
    let reportStart: (ProcessName) -> Void

    /// What a look at a process showed.
    struct Sight: Hashable {
        let state: ProcessState
        let start: Int
    }

    /// What is to be done about it.
    enum Step: Equatable {
        case start
        case wait
        case forget(String)
    }

    /// Decides by how the process is now.
    ///
    /// It is left alone as soon as it runs or somebody else takes it over: it was stopped when it
    /// was not before, or it was started by another since we looked.
    ///
    /// - Parameter now: How it is now.
    /// - Returns: What is to be done.
    func step(_ now: Sight) -> Step {
        switch now.state {
        case .running, .starting:
            return .forget("it runs again")
        case .stopping, .backoff:
            return .wait
        case .stopped:
            let wasDown = [.stopped, .stopping].contains(lastSeen.state)
            guard wasDown && lastSeen.start == now.start else {
                return .forget("somebody else stopped it")
            }
            return .start
        default:
            return .start
        }
    }

    // MARK: In a worker

    /// Looks at the process and starts it if that is for us to do.
    ///
    /// - Parameters:
    ///   - client: The supervisord.
    ///   - log: Where it is told.
    /// - Returns: The worker's status.
    func retry(_ client: SupervisorClient, log: Log) -> Int32 {
        do throws(RPCError) {
            let info = try client.getProcessInfo(process.full)
            switch step(Sight(state: info.state, start: info.start)) {
            case .wait:
                write(.seen(info.state, start: info.start))
            case .forget(let reason):
                log.note("\(process) is no longer waited for: \(reason)")
                write(.settled)
            case .start:
                start(info, client, log)
            }
        } catch {
            guard case .fault(let fault) = error, fault.code == .badName else {
                log.note("cannot see to the start of \(process), will try again: \(error)")
                UnfinishedRecord().write()
                return 0
            }
            log.note("\(process) is no longer waited for: it does not exist any more")
            write(.settled)
        }
        return 0
    }

    private func start(_ info: ProcessInfo, _ client: SupervisorClient, _ log: Log) {
        let subject = RestartSubject(
            process: process, act: .start, start: info.start, pid: info.pid, reason: "")
        let job = RestartJob(
            subject: subject, policy: RestartPolicy(),
            control: SupervisorControl(client: client, log: log), note: subject.write)
        switch job.start() {
        case .restarted, .alreadyStarted:
            log.say("\(process) restarted")
            RestartOutcomeRecord(process: process, outcome: .restarted).write()
            reportStart(process)
        case .startFailed(let reason):
            log.note("failed to start \(process) again, will try again: \(reason)")
        case .dropped(let reason):
            log.note("\(process) is no longer waited for: \(reason)")
        case .stopped, .stopFailed, .spared, .refused, .pretended:
            break
        }
    }

    private func write(_ event: PendingStartRecord.Event) {
        PendingStartRecord(process: process, event: event).write()
    }
}

extension RestartSubject {
    /// Tells the parent what it has to know about the start; called in a worker.
    func write(_ note: RestartNote) {
        let event: PendingStartRecord.Event =
            switch note {
            case .stopping: .owed(start: start)
            case .settled: .settled
            case .seen(let state, let start): .seen(state, start: start)
            }
        PendingStartRecord(process: process, event: event).write()
    }
}
