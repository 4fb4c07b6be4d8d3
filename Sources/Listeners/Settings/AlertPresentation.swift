internal import Alerting
internal import ListenerProtocol
internal import System
internal import Text

/// What an operator has set for the contents of all alerts: the subject of mails and a runbook.
struct AlertPresentation {
    /// The format of subjects; nil for superlance's.
    var subject: SubjectFormat?

    /// The prefix of formatted subjects: `-o` of crashmail, `-n` of httpok and memmon.
    var prefix: String?

    /// The runbook.
    var runbook: Runbook?

    /// superlance's subjects and no runbook.
    init() {}

    /// Reads the options.
    ///
    /// - Parameter arguments: The command line.
    /// - Throws: `UsageError` for invalid values.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        subject = try arguments.last(.subject) { value throws(UsageError) in
            try value.subjectFormat()
        }
        prefix = (arguments.value(.prefix) ?? arguments.value(.name)).map(\.text)
        runbook = try arguments.last(.runbook) { value throws(UsageError) in
            try Runbook(value)
        }
    }

    /// Adds to an incident the host, the supervisord, how to see its log, and the runbook.
    ///
    /// - Parameter incident: The incident.
    /// - Returns: The incident.
    func complete(_ incident: Incident) -> Incident {
        guard incident.kind != .test, incident.kind != .recovered else { return incident }
        var incident = incident
        var found = incident.diagnostics ?? Diagnostics()
        found.host = found.host ?? HostName.current
        // Each event's header has it, so nobody needs to ask for it.
        found.supervisor = found.supervisor ?? incident.header["server"]
        found.runbook = found.runbook ?? runbook?.url(for: incident)
        if let process = incident.process, found.logAbsence == nil {
            found.logCommand = found.logCommand ?? LogStream.standardOutput.command(for: process)
        }
        incident.diagnostics = found
        return incident
    }

    /// The alert with completed incidents and the subject as set.
    ///
    /// - Parameter alert: The alert.
    /// - Returns: The alert.
    func applied(to alert: Alert) -> Alert {
        let alert = alert.replacing(alert.incidents.map(complete))
        // A reply has the subject of the first mail.
        guard let subject, alert.subject != nil, alert.predecessor == nil else { return alert }
        return alert.titled(Self.formatted(alert, as: subject, prefix))
    }

    /// Makes the subject of a digest, or of a mail with some of the incidents, as set; nil if
    /// nothing is set.
    var title: (@Sendable (Alert) -> String)? {
        guard let subject else { return nil }
        return { [prefix] in Self.formatted($0, as: subject, prefix) }
    }

    private static func formatted(
        _ alert: Alert, as format: SubjectFormat, _ prefix: String?
    ) -> String {
        let text = format.subject(of: alert)
        return prefix.map { $0.isEmpty ? text : "\($0): \(text)" } ?? text
    }
}

extension OptionKey {
    static let subject: OptionKey = "subject"
    static let html: OptionKey = "html"
    static let runbook: OptionKey = "runbook"
}
