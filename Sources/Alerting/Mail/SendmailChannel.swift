internal import EventLoop
internal import Glibc
internal import Text

/// Sends mail through a command that reads a message from its input and finds the recipients in the
/// headers, as `sendmail -t` does.
///
/// The operator configures the command, which runs through `/bin/sh -c` as in superlance. Status 0
/// means that the mail was accepted. Any other status is retried; some of them name what the
/// operator must change (sysexits.h, and the shell's 126 and 127).
public struct SendmailChannel: Channel {
    private let command: String
    private let envelope: Envelope
    private let deadline: Duration

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - command: The command line.
    ///   - envelope: The sender and recipients.
    ///   - namesSender: Whether to set the envelope sender to that of the mail, if the command is a
    ///     sendmail without a `-f` option. Otherwise the command determines who receives returned
    ///     mail.
    ///   - deadline: The timeout of the command.
    public init(
        command: String, envelope: Envelope, namesSender: Bool, deadline: Duration = .seconds(600)
    ) {
        self.command =
            namesSender
            ? SendmailCommand(text: command).naming(envelope.sender.mailbox) : command
        self.envelope = envelope
        self.deadline = deadline
    }

    /// The channel's name in logs.
    public var name: String { "sendmail" }

    /// All recipients as one target, since the command accepts or rejects the mail as a whole.
    public var targets: [String] {
        [envelope.recipients.map(\.mailbox).joined(separator: ", ")]
    }

    /// Creates an attempt to deliver alerts.
    public func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
        let mail = envelope.mail(parcel.digest, lineEnding: .lineFeed)
        return Attempt(
            program: .shell(command), input: mail, deadline: deadline, size: mail.count
        ) { report in
            let status = Self.status(report, deadline: deadline)
            return Dictionary(uniqueKeysWithValues: targets.map { ($0, status) })
        }
    }

    /// Searches for the command's program in `PATH`.
    public func findObstacle() -> String? {
        var word = command.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        // Shell syntax is not a file name.
        guard word.utf8.allSatisfy({ !"'\"$`(){};&|<>=*?!:[".utf8.contains($0) }),
            !Self.shellWords.contains(word)
        else { return nil }
        if word.beginsExactly(with: "~") {
            guard word.beginsExactly(with: "~/"), let home = unsafe getenv("HOME") else {
                return nil
            }
            word = unsafe String(cString: home) + word.dropFirst()
        }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        let places =
            word.contains("/") ? [word] : path.split(separator: ":").map { "\($0)/\(word)" }
        guard !places.contains(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
        if let found = places.first(where: { unsafe access($0, F_OK) == 0 }) {
            return "\(found) is not executable: make it so, or set another command with -s"
        }
        return "cannot find \(word): install it, or set another command with -s"
    }

    /// The reserved words and the commands of a shell that may begin a command (POSIX.1-2017, Shell
    /// Command Language, sections 2.4 and 2.14, and those of dash).
    private static let shellWords: Set = [
        ".", "case", "cd", "command", "eval", "exec", "export", "for", "if", "read", "readonly",
        "set", "test", "trap", "type", "ulimit", "umask", "unset", "until", "wait", "while",
    ]

    private static func status(_ report: ChildReport, deadline: Duration) -> DeliveryStatus {
        let words = quote(report.diagnostics)
        switch report.end {
        case .exited(0): return .accepted
        case .exited(let status):
            let reason = "the sendmail command exited with status \(status)\(words)"
            if isAboutSize(words) { return .tooLarge(reason) }
            return remedy(status).map { .blocked("\(reason); \($0)") } ?? .later(reason)
        case .signalled(let number):
            return .later("the sendmail command was terminated by signal \(number)\(words)")
        case .timedOut:
            return .later(
                "the sendmail command took longer than \(deadline)\(words); "
                    + "it may have delivered the mail")
        case .notStarted(let error), .unknown(let error): return .later("\(error)")
        }
    }

    /// What to change, by the status of the command.
    private static func remedy(_ status: Int32) -> String? {
        switch status {
        case 126, 127: "check the sendmail command"
        case EX_USAGE, EX_NOPERM, EX_CONFIG: "check the sendmail command and its settings"
        case EX_NOUSER, EX_NOHOST: "check the addresses"
        default: nil
        }
    }

    /// Whether the command rejects the mail as too large: Postfix (`message file too big`, with
    /// status 75), Exim (`message too big`), Sendmail (`message size exceeds`), and
    /// programs that repeat a server's 552.
    private static func isAboutSize(_ words: String) -> Bool {
        let words = words.lowercased()
        return [
            "message file too big", "message too big", "message too large",
            "message is too large", "message size exceeds", "message size limit",
            "maximum message size", "message length exceeds", "file too large",
        ].contains { words.containsText($0) } || EnhancedStatus.isAboutSize(in: words)
    }

    /// The end of the command's error output, which usually contains the reason.
    private static func quote(_ diagnostics: [UInt8]) -> String {
        let words = String(decoding: diagnostics.suffix(1_000), as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
        return words.isEmpty ? "" : ": \(words)"
    }
}
