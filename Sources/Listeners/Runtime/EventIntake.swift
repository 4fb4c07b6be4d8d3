// Hands each event to the listener.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import Text

/// Hands each event to the listener, and counts it.
final class EventIntake {
    private let alerts: AlertDispatcher
    private let ticks: TickTracker
    private let monitoring: Monitoring?
    private let log: Log

    /// Whether any event has come.
    private(set) var hasSeenEvent = false

    init(alerts: AlertDispatcher, ticks: TickTracker, monitoring: Monitoring?, log: Log) {
        self.alerts = alerts
        self.ticks = ticks
        self.monitoring = monitoring
        self.log = log
    }

    /// Handles an event; when this returns it can be answered.
    func handle(_ event: Event, by listener: any Listener, _ audit: SelectorAudit?) {
        hasSeenEvent = true
        alerts.note(event.header)
        monitoring?.note(event.name)
        ticks.track(isTick: .tick ~= event.name) {
            do throws(PayloadError) {
                let content = try event.content()
                if case .processState(let change) = content {
                    alerts.activeAlerts?.note(change, event.name)
                }
                listener.handle(content, of: event.name)
                audit?.note(content)
            } catch {
                log.note("cannot read \(error): '\(event.text.prefix(scalars: 200))'")
            }
            monitoring?.update()
        }
    }
}
