internal import Curl
internal import EventLoop
internal import Glibc
internal import System

/// Runs many checks at once, so that a slow one does not delay the others.
///
/// Runs in a worker.
final class CheckRound {
    private let loop: PollLoop
    private let transfers: Result<TransferLoop, CurlError>
    private let report: (CheckResult) -> Void
    private var left: Int
    private var waitingTransfers: ArraySlice<Check>
    private var waitingCommands: ArraySlice<Check>
    private var attempts: [ObjectIdentifier: AnyObject] = [:]

    /// The maximum number of concurrent commands: each one is a program with pipes.
    private static let commandLimit = 16

    /// Descriptors reserved for other purposes.
    private static let descriptorReserve = 100

    /// Runs checks.
    ///
    /// - Parameters:
    ///   - checks: The checks.
    ///   - report: Receives each result as soon as its check has ended.
    static func run(_ checks: [Check], report: @escaping (CheckResult) -> Void) {
        guard !checks.isEmpty else { return }
        do throws(SystemError) {
            CheckRound(checks, over: try PollLoop(), report: report).run()
        } catch {
            for check in checks { report(check.result(.unknown("\(error)"))) }
        }
    }

    private init(
        _ checks: [Check], over loop: PollLoop, report: @escaping (CheckResult) -> Void
    ) {
        self.loop = loop
        self.report = report
        transfers = Result { () throws(CurlError) in try TransferLoop(loop) }
        left = checks.count
        waitingTransfers = checks.filter { !$0.target.isCommand }[...]
        waitingCommands = checks.filter(\.target.isCommand)[...]
    }

    private func run() {
        loop.onTermination = { [unowned self] in loop.stop() }
        // From within the loop, which the end of a check can stop.
        loop.after(.zero) { [unowned self] in
            // A name lookup and a connection need two or three descriptors for a moment.
            let count = max(1, (Self.raiseDescriptorLimit() - Self.descriptorReserve) / 4)
            for _ in 0..<min(count, waitingTransfers.count) { startTransfer() }
            for _ in 0..<min(Self.commandLimit, waitingCommands.count) { startCommand() }
        }
        loop.run()
        loop.killChildren()
    }

    private func startTransfer() {
        guard let check = waitingTransfers.popFirst() else { return }
        switch transfers {
        case .failure(let error):
            end(check.result(.unknown("\(error)")))
            startTransfer()
        case .success(let transfers):
            let attempt = RequestCheck(check, by: transfers, over: loop)
            attempts[ObjectIdentifier(attempt)] = attempt
            attempt.begin { [unowned self, unowned attempt] result in
                attempts[ObjectIdentifier(attempt)] = nil
                end(result)
                startTransfer()
            }
        }
    }

    private func startCommand() {
        guard let check = waitingCommands.popFirst() else { return }
        CommandCheck(check: check).begin(over: loop) { [unowned self] result in
            end(result)
            startCommand()
        }
    }

    private func end(_ result: CheckResult) {
        report(result)
        left -= 1
        if left == 0 { loop.stop() }
    }

    /// Raises the limit on descriptors to the allowed maximum, as far as checks need it.
    ///
    /// - Returns: The limit.
    private static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 1_024
        }
        let target = min(limit.rlim_max, 4_096)
        if limit.rlim_cur < target {
            limit.rlim_cur = target
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(min(limit.rlim_cur, 4_096))
    }
}
