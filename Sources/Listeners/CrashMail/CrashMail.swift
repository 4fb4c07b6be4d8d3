// crashmail: mails each crash.

internal import Alerting
internal import ListenerProtocol

/// Mails each crash: each exit that was not expected.
final class CrashMailListener: Listener {
    private let options: CrashMailOptions
    private let isMailing: Bool

    init(_ settings: Settings) throws(UsageError) {
        options = try CrashMailOptions(settings)
        isMailing = !settings.channels.isEmpty
    }

    func begin(_ resident: Resident) {
        guard !options.isAny else { return }
        // The original never looked at -p, so that people may count on mail for everything.
        resident.log.note(
            "telling only crashes of \(options.programs.joined(separator: ", ")), as -p says")
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        guard case .processState(let change) = content, name == .processStateExited,
            change.isExpected == false, options.selects(change.process)
        else { return }
        let alert = alert(change, at: .now)
        guard isMailing else {
            return resident.log.say("unexpected exit, not mailing without -m: \(alert.body)")
        }
        resident.log.say("unexpected exit, mailing")
        resident.outbox.post(alert)
    }

    private func alert(_ change: ProcessStateChange, at time: Timestamp) -> Alert {
        let process = change.process
        let prefix = options.prefix.map { "\($0): " } ?? ""
        return Alert(
            subject: "\(prefix)\(process.name) crashed at \(time.asctime)",
            body: """
                Process \(process.name) in group \(process.group) exited unexpectedly \
                (pid \(change.pid.map(String.init) ?? "unknown")) from state \(change.fromState)
                """,
            time: time)
    }
}
