// Mail through a command that takes a message on its input, as sendmail does.

internal import EventLoop
internal import Glibc

/// Mail through a command that takes a message on its input and finds the recipients in it, as
/// `sendmail -t` does.
///
/// The command comes from the operator and runs through `/bin/sh -c`, as the original's does. Its
/// status alone counts: 0 for mail taken over. Any other is tried again, since nobody knows what a
/// command means by it.
public struct SendmailChannel: Channel {
    private let command: String
    private let mailing: Envelope
    private let deadline: Duration

    /// Describes the channel.
    ///
    /// - Parameters:
    ///   - command: The command line.
    ///   - mailing: Who writes to whom.
    ///   - namesSender: Whether the envelope's sender is that of the mail, too, where the command
    ///     is a sendmail that names no other; else the command decides who gets returned mail.
    ///   - deadline: How long the command may take.
    public init(
        command: String, mailing: Envelope, namesSender: Bool, deadline: Duration = .seconds(30)
    ) {
        self.command =
            namesSender
            ? SendmailCommand(text: command).naming(mailing.sender.mailbox) : command
        self.mailing = mailing
        self.deadline = deadline
    }

    /// What a log calls the channel.
    public var name: String { "sendmail" }

    /// All recipients as one, since the command takes the mail for all of them or for none.
    public var targets: [String] {
        [mailing.recipients.map(\.mailbox).joined(separator: ", ")]
    }

    /// What to do to deliver one alert.
    public func attempt(_ alert: Alert, to targets: [String]) -> Attempt {
        Attempt(
            program: .shell(command), input: mailing.mail(alert, lineEnding: .lineFeed),
            deadline: deadline
        ) { report in
            Dictionary(
                uniqueKeysWithValues: targets.map { ($0, Self.status(report, deadline: deadline)) }
            )
        }
    }

    /// Looks for the command's program along `PATH`.
    public func findObstacle() -> String? {
        let word = command.split(separator: " ").first.map(String.init) ?? ""
        // A shell's own words are no files.
        guard word.utf8.allSatisfy({ !"'\"$`(){};&|<>=*?".utf8.contains($0) }) else { return nil }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let places =
            word.contains("/") ? [word] : path.split(separator: ":").map { "\($0)/\(word)" }
        guard !places.contains(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
        return "there is no program \(word): install it, or give another one by -s"
    }

    private static func status(_ report: ChildReport, deadline: Duration) -> DeliveryStatus {
        let words = quote(report.diagnostics)
        switch report.end {
        case .exited(0): return .accepted
        case .exited(let status):
            return .later("the sendmail command ended with status \(status)\(words)")
        case .signalled(let number):
            return .later("signal \(number) ended the sendmail command\(words)")
        case .timedOut: return .later("the sendmail command took longer than \(deadline)\(words)")
        case .notStarted(let error): return .later("\(error)")
        }
    }

    /// The end of what the command complained, which is where the reason usually stands.
    private static func quote(_ diagnostics: [UInt8]) -> String {
        let words = String(decoding: diagnostics.suffix(1_000), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
        return words.isEmpty ? "" : ": \(words)"
    }
}
