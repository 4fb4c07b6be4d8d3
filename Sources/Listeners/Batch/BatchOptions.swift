internal import ListenerProtocol

/// The options of crashmailbatch, fatalmailbatch or crashsms.
struct BatchOptions {
    /// How long messages are collected, in minutes.
    let interval: Double
    /// The event that measures the time.
    let tick: EventName
    /// The subject; nil for none.
    let subject: String?
    /// How many lines of a process's log are included.
    let logLines: Int
    /// Whether recoveries are reported.
    let reportsRecovery: Bool

    init(_ settings: Settings, kind: BatchKind) throws(UsageError) {
        let arguments = settings.arguments
        guard arguments.has(.email) || arguments.has(.route) || settings.hasOtherChannels else {
            throw UsageError("-t (--toEmail) is missing: give the addresses to send to")
        }
        guard arguments.has(.fromEmail) || settings.envelope == nil else {
            throw UsageError("-f (--fromEmail) is missing: give the address to send from")
        }
        interval = try arguments.value(.interval)?.minutes() ?? 1
        tick = EventName(rawValue: try arguments.value(.tick)?.tickPeriod().eventName ?? "TICK_60")
        logLines = try DiagnosticsOptions.logLines(arguments)
        reportsRecovery = arguments.has(.recovered)
        subject = arguments.value(.subject)?.text ?? kind.subject
    }

    static func table(for kind: BatchKind) -> OptionTable {
        OptionTable(
            programName: kind.programName, summary: kind.summary,
            options: [
                OptionSpecification(
                    .interval, letter: "i", longName: "interval", placeholder: "MINUTES",
                    isOriginal: true,
                    help: "Minutes to collect messages before they are sent (default: 1).",
                    standard: "1"),
                OptionSpecification(
                    .subject, letter: "s", longName: "subject", placeholder: "TEXT",
                    isOriginal: true,
                    help:
                        "Subject, such as '{headline}' (default: \(kind.subject.map { "'\($0)'" } ?? "none")).",
                    standard: kind.subject),
                OptionSpecification(
                    .tick, letter: "e", longName: "tickEvent", placeholder: "TICK_N",
                    isOriginal: true,
                    help: "Tick event used to measure the interval (default: TICK_60).",
                    standard: "TICK_60"),
            ]
                + (kind == .crashSMS
                    ? [] : [DiagnosticsOptions.logTail, DiagnosticsOptions.recovered])
                + (kind == .crashSMS
                    ? DeliveryOptions.ofTextMessages : DeliveryOptions.ofSMTPTools))
    }
}

extension BatchKind {
    /// The name of the tool.
    var programName: String {
        switch self {
        case .crashMail: "crashmailbatch"
        case .fatalMail: "fatalmailbatch"
        case .crashSMS: "crashsms"
        }
    }

    fileprivate var summary: String {
        switch self {
        case .crashMail: "Collects crashes and sends them in one mail."
        case .fatalMail: "Collects failed starts and sends them in one mail."
        case .crashSMS: "Collects crashes and sends them in one mail to an SMS gateway."
        }
    }
}

extension OptionKey {
    static let interval: OptionKey = "interval"
    static let tick: OptionKey = "tickEvent"
}
