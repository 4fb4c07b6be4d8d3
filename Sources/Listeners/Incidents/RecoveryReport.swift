internal import Alerting
internal import ListenerProtocol
internal import System
internal import Text

/// The alert about a recovery: in the thread of the first mail, with the downtime and the count.
struct RecoveryReport {
    /// What was reported before.
    let thread: AlertThread
    /// When the downtime ended.
    let end: Timestamp
    /// When it began, if it was interrupted after the first mail; nil for the time of that mail.
    var latestBegin: Timestamp?
    /// The downtime in seconds without the time between restart and next crash; nil if unknown.
    var total: Int?
    /// What is counted, such as `failures`; nil to count nothing.
    var failures: String?
    /// Whether to count the crashes and the failed starts of the thread instead.
    var countsCrashes = false
    /// Their number, if it is not that of the alerts.
    var failureCount = 0
    /// What lasted until then.
    var period = "downtime"
    /// What happened, for the headline; nil for the usual words.
    var predicate: String?

    /// A recovery, and what has recovered.
    typealias Part = (report: RecoveryReport, message: String)

    /// The alert.
    ///
    /// - Parameter message: What has recovered.
    /// - Returns: The alert.
    func alert(_ message: String) -> Alert {
        let incident = incident(message, at: .now)
        return Alert(
            subject: thread.start.reply, body: incident.text, time: incident.time,
            incidents: [incident], predecessor: thread.start.identity)
    }

    /// One alert about several recoveries in one thread.
    ///
    /// - Parameters:
    ///   - first: A recovery and what has recovered.
    ///   - others: The others, in order.
    /// - Returns: The alert.
    static func alert(_ first: Part, _ others: [Part]) -> Alert {
        guard !others.isEmpty else { return first.report.alert(first.message) }
        let time = Timestamp.now
        let reports = [first] + others
        let incidents = reports.map { $0.report.incident($0.message, at: time) }
        let names = incidents.compactMap { $0.process?.description }
        let lines = reports.map { report, message in
            "\(message): \(report.facts(isShort: true).joined(separator: ", "))"
        }
        let paragraphs = [
            "\(names.count) processes have recovered: \(names.joined(separator: ", "))",
            BatchBody.lines(lines), "host: \(HostName.current)",
        ]
        let start = first.report.thread.start
        return Alert(
            subject: start.reply, body: paragraphs.joined(separator: "\n\n"), time: time,
            incidents: incidents, predecessor: start.identity)
    }

    private func incident(_ message: String, at time: Timestamp) -> Incident {
        var diagnostics = Diagnostics(host: HostName.current)
        diagnostics.sections = [facts(isShort: false).joined(separator: "\n")]
        var incident = Incident(
            .recovered, at: time, to: thread.first.process, message: message,
            diagnostics: diagnostics)
        (incident.check, incident.notice) = (thread.first.check, thread.first.notice)
        incident.predicate = predicate ?? Incident.recovered(after: seconds)
        // Services that track resolution get another one for kinds that last.
        incident.recovery = Incident.Recovery(
            of: thread.first.kind, since: begin, isForPeople: thread.first.kind != .other)
        return incident
    }

    private var begin: Timestamp { latestBegin ?? thread.first.start }

    /// supervisord's times are in whole seconds.
    private var recovery: Timestamp { max(end, begin) }

    private var seconds: Int { recovery.seconds - begin.seconds }

    private var downtime: String {
        guard let total else {
            // The listener was restarted since, and does not know how long it ran in between.
            let isLoop = countsCrashes && thread.count > 1
            return "\(isLoop ? "at most " : "")\(Diagnostics.duration(seconds))"
        }
        // Both ends are rounded down.
        guard total < seconds - 1 else { return Diagnostics.duration(seconds) }
        return "\(Diagnostics.duration(total)) in total"
    }

    /// The numbers of crashes and of failed starts, as lines: FATAL is not another crash.
    private var crashes: [String] {
        [("crashes", Incident.Kind.exited), ("failed starts", .fatal)].compactMap { name, kind in
            thread.counts[kind].map { "\(name): \($0)" }
        }
    }

    /// The downtime, with its start and end unless the text is to be short, and the count.
    private func facts(isShort: Bool) -> [String] {
        let span = isShort ? "" : ", from \(begin.asctime) to \(recovery.asctime)"
        let lines = [
            "\(period): \(downtime)\(span)",
            failures.map { "\($0): \(max(thread.count, failureCount))" },
        ]
        return lines.compactMap { $0 } + (countsCrashes ? crashes : [])
    }
}
