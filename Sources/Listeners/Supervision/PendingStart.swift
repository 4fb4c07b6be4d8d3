// A process that we stopped and have not seen running since.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// A process that we stopped and have not seen running since.
struct PendingStart {
    let process: ProcessName

    /// What tells this debt from an earlier one of the same process.
    let number: Int

    /// How it was when we last looked; nothing if we have not.
    var lastSeen: Sight?

    /// Tells of it when it has been started at last; called in a worker.
    let tellRestart: (ProcessName) -> Void

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
            guard let lastSeen else { return .start }
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
    func pay(_ client: SupervisorClient, log: Log) -> Int32 {
        do throws(RPCError) {
            switch step(try look(client)) {
            case .wait:
                break
            case .forget(let reason):
                log.note("\(process) is no longer waited for: \(reason)")
                return settle()
            case .start:
                guard case .startFailed(let error) = Restarter(client: client).start(process) else {
                    log.say("\(process) restarted")
                    tellRestart(process)
                    return 0
                }
                log.note("failed to start \(process) again, will try again: \(error)")
            }
            let sight = try look(client)
            WorkerAnswer.write(
                PendingStarts.seen, process.group, process.name, "\(sight.state.rawValue)",
                "\(sight.start)")
        } catch {
            guard case .fault(let fault) = error, fault.code == .badName else {
                log.note("cannot see to the start of \(process), will try again: \(error)")
                return 0
            }
            log.note("\(process) is no longer waited for: it does not exist any more")
            return settle()
        }
        return 0
    }

    private func look(_ client: SupervisorClient) throws(RPCError) -> Sight {
        let info = try client.getProcessInfo(process.full)
        return Sight(state: info.state, start: info.start)
    }

    private func settle() -> Int32 {
        WorkerAnswer.write(PendingStarts.paid, process.group, process.name)
        return 0
    }
}
