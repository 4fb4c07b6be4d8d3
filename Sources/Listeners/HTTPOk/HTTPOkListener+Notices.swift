// Reports findings about sites that pass their checks.

internal import Alerting
internal import System

extension HTTPOkListener {
    /// Reports a limit that is exceeded, or no longer exceeded.
    func post(_ report: NoticeLedger.Report, of result: CheckResult) {
        let target = result.target
        let time = Timestamp.now
        var incident: Incident
        switch report {
        case .exceeded(let notice):
            let words = Self.words(notice)
            incident = Incident(.other, at: time, message: "\(target): \(words)")
            incident.topic = notice.kind.rawValue
            incident.predicate = notice.kind == .slow ? "is slow" : "needs a new certificate"
            incident.reason = words
        case .kept(let kind):
            let message =
                kind == .slow
                ? "\(target): responds in time again" : "\(target): the certificate is renewed"
            incident = Incident(
                .recovered, at: time, message: message,
                diagnostics: Diagnostics(host: HostName.current))
            incident.topic = kind.rawValue
            incident.predicate = kind == .slow ? "responds in time again" : "has a new certificate"
            incident.recovery = Incident.Recovery(of: .other, since: time)
        }
        incident.check = Incident.Check(url: result.label, name: options.name)
        post(incident)
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

    private func post(_ incident: Incident) {
        runtime.log.report(incident.message)
        runtime.alerts.post(
            Alert(
                subject: options.title(incident.message), body: incident.text,
                time: incident.time, incidents: [incident]))
    }
}
