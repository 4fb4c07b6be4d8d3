// Sends the alerts about sites that fail.

internal import Alerting
internal import System

extension HTTPOkListener {
    /// Reports a failed site, with others that failed before the restart for this one.
    func post(_ report: SiteReport) {
        guard isDue(report) else {
            show(report)
            for other in report.joined {
                var other = other
                other.urgency = .reminder
                post(other)
            }
            return
        }
        var reports = [report]
        for other in report.joined {
            var other = other
            // Until then it was being restarted.
            other.incident.diagnostics?.state = report.incident.diagnostics?.state
            reminders[other.identity, default: Reminder()].note(at: .now)
            reports.append(other)
        }
        send(reports.filter { runtime.alerts.admits($0.incident) })
    }

    private func send(_ reports: [SiteReport]) {
        guard let first = reports.first else { return }
        let incidents = reports.map(\.incident)
        runtime.alerts.postAdmitted(
            Alert(
                subject: first.subject, body: incidents.map(\.text).joined(separator: "\n\n"),
                time: first.incident.time, incidents: incidents))
    }

    /// Whether people are to know of a failed site now, which counts as sent.
    private func isDue(_ report: SiteReport) -> Bool {
        switch report.urgency {
        case .none, .state: return false
        case .reminder:
            return reminders[report.identity, default: Reminder()].isDue(
                at: .now, every: options.policy.reminder)
        case .action:
            reminders[report.identity, default: Reminder()].note(at: .now)
            return true
        }
    }

    /// Shows channels that track resolution that a site fails.
    private func show(_ report: SiteReport) {
        let incident = report.incident
        guard report.urgency != .none,
            runtime.alerts.activeAlerts?.isActive(incident) == false
        else { return }
        runtime.alerts.postToStatefulChannels(
            Alert(
                subject: report.subject, body: incident.text, time: incident.time,
                incidents: [incident]))
    }
}
