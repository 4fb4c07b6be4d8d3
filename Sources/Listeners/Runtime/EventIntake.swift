internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import Text

/// Passes each event to the listener, and counts it.
final class EventIntake {
    private let alerts: AlertDispatcher
    private let groups: GroupResolver
    private let ticks: TickTracker
    private let monitoring: Monitoring?
    private let log: Log

    private var stops = RequestedStops()

    /// Whether an event has been received.
    private(set) var hasSeenEvent = false

    init(
        alerts: AlertDispatcher, groups: GroupResolver, ticks: TickTracker,
        monitoring: Monitoring?, log: Log
    ) {
        self.alerts = alerts
        self.groups = groups
        self.ticks = ticks
        self.monitoring = monitoring
        self.log = log
    }

    /// Handles an event; it can be acknowledged when this returns.
    func handle(_ event: Event, by listener: any Listener, _ audit: SelectorAudit?) {
        hasSeenEvent = true
        monitoring?.note(event)
        do throws(PayloadError) {
            let content = try event.content()
            if content.isFromGoSupervisord { alerts.expectGaps() }
            groups.resolve(content) { [unowned self] content in
                pass(content, of: event, to: listener, audit)
            }
        } catch {
            log.report(.warning, "cannot read \(error): '\(event.text.prefix(scalars: 200))'")
        }
    }

    /// Passes on the events that are still waiting, before the program exits.
    func finish() {
        groups.finish()
    }

    private func pass(
        _ content: EventContent, of event: Event, to listener: any Listener, _ audit: SelectorAudit?
    ) {
        alerts.note(event.header)
        ticks.track(isTick: .tick ~= event.name) {
            if case .processState(let change) = content {
                guard !stops.explain(change, event.name) else { return }
                alerts.activeAlerts?.note(change, event.name)
            }
            listener.handle(content, of: event.name)
            audit?.note(content)
            monitoring?.update()
        }
    }
}
