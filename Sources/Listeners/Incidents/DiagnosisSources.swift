internal import SupervisorRPC

/// Data that all diagnoses of a worker share, requested on first use.
final class DiagnosisSources {
    private let client: SupervisorClient

    /// The end of supervisord's log; nil if there is none, or it cannot be read.
    private(set) lazy var log: SupervisordLog? = SupervisordLog.end(by: client)

    /// The same for the Go implementation.
    private(set) lazy var goHostLog: GoHostLog? = GoHostLog.end(by: client)

    /// The OOM killer's current count.
    let killed = OOMKiller.count()

    init(_ client: SupervisorClient) {
        self.client = client
    }
}
