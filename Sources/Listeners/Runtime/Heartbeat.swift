internal import Alerting
internal import Curl
internal import EventLoop

/// Calls a dead-man's switch, such as healthchecks, which alerts when the calls stop.
///
/// A failed call is not retried, because the next tick makes another one; it is logged once.
final class Heartbeat {
    private let address: WebAddress
    private let authorities: CertificateAuthorities
    private let loop: PollLoop
    private let log: Log
    private var isUnderway = false
    /// Whether a tick completed during a call.
    private var isDue = false
    private var hasFailed = false

    /// The timeout of a call.
    private static let timeout = Duration.seconds(10)

    init(
        _ address: WebAddress, authorities: CertificateAuthorities, loop: PollLoop, log: Log
    ) {
        self.address = address
        self.authorities = authorities
        self.loop = loop
        self.log = log
    }

    /// Calls, immediately or after the current call.
    func beat() {
        isDue = isUnderway
        guard !isUnderway else { return }
        isUnderway = true
        loop.start(.worker(call), deadline: Self.timeout + .seconds(5)) { [weak self] report in
            self?.note(report)
        }
    }

    private func note(_ report: ChildReport) {
        isUnderway = false
        let record = WorkerRecords(report.output).first(RequestRecord.self)
        let hasSucceeded = record.map { $0.failure == nil } ?? false
        if !hasSucceeded && !hasFailed {
            let reason = record?.failure ?? "\(report.end)"
            log.report(
                .warning,
                "the heartbeat does not reach \(address): \(reason); "
                    + "further failures are not logged")
        } else if hasSucceeded && hasFailed {
            log.report(.info, "the heartbeat reaches \(address) again")
        }
        hasFailed = !hasSucceeded
        if isDue { beat() }
    }

    // MARK: In the worker

    /// The result of a request.
    private struct RequestRecord: WorkerRecord {
        static let recordName = "heartbeat"

        /// Why it failed; `nil` if it succeeded.
        var failure: String?

        init(failure: String? = nil) {
            self.failure = failure
        }

        init?(fields: [String]) {
            guard fields.count <= 1 else { return nil }
            failure = fields.first
        }

        var fields: [String] { failure.map { [$0] } ?? [] }
    }

    private func call() -> Int32 {
        var request = HTTPRequest(address.url)
        request.userAgent = "superlance"
        request.timeout = Self.timeout
        request.authorities = authorities
        do throws(CurlError) {
            // The body is irrelevant: it may be long, slow or invalid.
            request.bodyTimeout = .zero
            let answer = try request.perform { _ in false }
            if (200...299).contains(answer.status) {
                RequestRecord().write()
            } else {
                RequestRecord(failure: "status \(answer.status)").write()
            }
        } catch {
            RequestRecord(failure: "\(error)").write()
        }
        return 0
    }
}
