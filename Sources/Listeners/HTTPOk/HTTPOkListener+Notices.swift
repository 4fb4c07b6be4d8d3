// Reports findings about sites that pass their checks.

internal import Alerting
internal import System

extension HTTPOkListener {
    /// What alerts about a limit are about.
    func topic(of kind: CheckNotice.Kind, _ result: CheckResult) -> AlertTopic {
        .notice(options.check(of: result), kind: kind.rawValue)
    }

    /// Reports a limit that is exceeded, or no longer exceeded.
    func post(_ report: NoticeLedger.Report, of result: CheckResult) {
        switch report {
        case .exceeded(let notice):
            let words = Self.words(notice)
            var incident = Incident(.other, at: .now, message: "\(result.target): \(words)")
            incident.predicate = notice.kind == .slow ? "is slow" : "needs a new certificate"
            incident.reason = words
            post(incident, notice.kind, of: result)
        case .kept(let kind):
            runtime.alerts.flood.reportNow([topic(of: kind, result)]) { [unowned self] in
                postRecovery(of: kind, result)
            }
        }
    }

    private func postRecovery(of kind: CheckNotice.Kind, _ result: CheckResult) {
        let time = Timestamp.now
        let target = result.target
        let message =
            kind == .slow
            ? "\(target): responds in time again" : "\(target): the certificate is renewed"
        let predicate = kind == .slow ? "responds in time again" : "has a new certificate"
        if let thread = runtime.alerts.threads.end(topic(of: kind, result)) {
            runtime.log.report(.info, message)
            let report = RecoveryReport(
                thread: thread, end: time, period: "duration", predicate: predicate)
            runtime.alerts.post(report.alert(message))
            return
        }
        // Its alert was not sent.
        var incident = Incident(
            .recovered, at: time, message: message,
            diagnostics: Diagnostics(host: HostName.current))
        incident.predicate = predicate
        incident.recovery = Incident.Recovery(of: .other, since: time)
        post(incident, kind, of: result)
    }

    private static func words(_ notice: CheckNotice) -> String {
        switch notice {
        case .slow(let time, let limit):
            let time = Duration.milliseconds(time).shortText
            return "responded after \(time), limit \(Duration.milliseconds(limit).shortText)"
        case .certificate(let seconds) where seconds <= 0:
            return "the certificate has expired"
        case .certificate(let seconds):
            return "the certificate expires in \(Diagnostics.duration(seconds))"
        }
    }

    private func post(_ incident: Incident, _ kind: CheckNotice.Kind, of result: CheckResult) {
        var incident = incident
        (incident.check, incident.notice) = (options.check(of: result), kind.rawValue)
        runtime.log.report(.warning, incident.message)
        runtime.alerts.post(
            Alert(
                subject: options.title(incident.message), body: incident.text,
                time: incident.time, incidents: [incident]))
    }
}
