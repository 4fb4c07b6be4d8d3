internal import Alerting
internal import EventLoop
internal import Glibc
internal import SupervisorRPC
internal import System

/// Requests the shutdown of supervisord: by RPC, or else by SIGTERM.
final class SupervisordShutdown {
    private unowned let runtime: Runtime
    private let client: SupervisorClient?
    private var isUnderway = false

    /// The timeout for the RPC.
    private static let deadline = Duration.seconds(5)

    init(_ runtime: Runtime, client: SupervisorClient?) {
        self.runtime = runtime
        self.client = client
    }

    /// The result of the RPC.
    private struct Answer: WorkerRecord {
        static let recordName = "shutdown"

        /// Why supervisord refused; nil if it did not.
        let refusal: String?

        init(refusal: String?) {
            self.refusal = refusal
        }

        init?(fields: [String]) {
            refusal = fields.first
        }

        var fields: [String] { refusal.map { [$0] } ?? [] }
    }

    /// Requests the shutdown, unless an earlier request is in progress.
    func request() {
        guard !isUnderway else { return }
        guard let client else { return signal("there is no server URL") }
        isUnderway = true
        runtime.workers.run(deadline: Self.deadline, mayBeLate: true) {
            Self.shutDown(client).write()
            return 0
        } completion: { [weak self] records in
            self?.isUnderway = false
            guard let answer = records.first(Answer.self) else {
                self?.signal("it does not respond")
                return
            }
            if let refusal = answer.refusal { self?.signal(refusal) }
        }
    }

    private static func shutDown(_ client: SupervisorClient) -> Answer {
        do throws(RPCError) {
            _ = try client.call("supervisor.shutdown", timeout: deadline)
            return Answer(refusal: nil)
        } catch {
            // It is already shutting down.
            if error.isShuttingDown { return Answer(refusal: nil) }
            return Answer(refusal: "\(error)")
        }
    }

    private func signal(_ reason: String) {
        runtime.log.report(.warning, "cannot stop supervisord by RPC, sending SIGTERM: \(reason)")
        guard !SupervisordProcess.hasExited else { return }
        guard kill(SupervisordProcess.identifier, SIGTERM) != 0 else { return }
        let error = SystemError("cannot send SIGTERM to supervisord")
        runtime.log.report(
            .warning, "\(error); remove user= from this listener's section; retrying")
    }
}
