internal import Alerting
internal import EventLoop
internal import Glibc
internal import System

/// Sends one test alert through every channel, and reports the results.
struct TestAlert {
    let channels: [any Channel]
    let origin: Origin
    let presentation: AlertPresentation

    /// Sends the alert through all channels at once.
    ///
    /// - Parameter print: Receives a line about each target.
    /// - Returns: The exit status: 0 if all deliveries succeeded, 1 if not.
    /// - Throws: `SystemError` when no descriptor is available.
    func run(_ print: @escaping (String) -> Void) throws(SystemError) -> Int32 {
        guard !channels.isEmpty else {
            print("no alert is sent: no channel is configured")
            return 1
        }
        let loop = try PollLoop()
        let alert = presentation.applied(to: Alert.sample(of: origin))
        var left = channels.count
        var isTaken = true
        loop.onTermination = { [unowned loop] in
            isTaken = false
            loop.stop()
        }
        for channel in channels {
            let attempt = channel.attempt(
                Parcel([alert], from: origin.tool), to: channel.targets)
            let begin = Instant.now
            // Somebody waits for the result.
            let deadline = min(attempt.deadline, Self.deadline)
            loop.start(attempt.program, input: attempt.input, deadline: deadline) { report in
                let statuses = attempt.statuses(report)(0)
                for target in channel.targets {
                    let status = statuses[target] ?? .later("the status is unknown")
                    isTaken = isTaken && status == .accepted
                    let words = words(status, attempt.answer(report))
                    print("\(name(channel, target)): \(words) (\(Self.seconds(.now - begin)))")
                }
                left -= 1
                if left == 0 { loop.stop() }
            }
        }
        loop.run()
        loop.killChildren()
        return isTaken ? 0 : 1
    }

    /// How long a server may take; deliveries have the time of RFC 5321.
    private static let deadline = Duration.seconds(60)

    private func name(_ channel: any Channel, _ target: String) -> String {
        channel.isMail ? "\(channel.name) to \(target)" : channel.name
    }

    private func words(_ status: DeliveryStatus, _ answer: String?) -> String {
        switch status {
        case .accepted: answer.map { "accepted: \($0)" } ?? "accepted"
        case .later(let reason, _), .blocked(let reason): "failed: \(reason)"
        case .tooLarge(let reason, _, _): "too large: \(reason)"
        case .refused(let reason): "rejected: \(reason)"
        }
    }

    /// A duration with two decimals.
    private static func seconds(_ time: Duration) -> String {
        let hundredths = Int((time / .milliseconds(10)).rounded())
        return "\(hundredths / 100).\(String(hundredths % 100 + 100).dropFirst()) s"
    }
}
