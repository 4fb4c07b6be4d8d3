// Reports findings about sites that pass their checks.

internal import Alerting
internal import System

extension HTTPOkListener {
    /// Reports a limit that is exceeded, or no longer exceeded.
    func post(_ report: NoticeLedger.Report, _ target: String) {
        switch report {
        case .exceeded(let notice): post("\(target): \(Self.words(notice))", .other)
        case .kept(.slow): post("\(target): responds in time again", .recovered)
        case .kept(.certificate): post("\(target): the certificate is renewed", .recovered)
        }
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

    private func post(_ message: String, _ kind: Incident.Kind) {
        let time = Timestamp.now
        runtime.log.report(message)
        runtime.alerts.post(
            Alert(
                subject: options.title(message), body: message, time: time,
                incidents: [Incident(kind, at: time, message: message)]))
    }
}
