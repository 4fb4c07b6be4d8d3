internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Restores the spooled alerts and incidents of earlier runs of this listener.
final class SpoolTakeover {
    private unowned let runtime: Runtime
    private let look: AlertedProcessLook
    private let listener: any Listener
    /// Whether a check of processes is about to begin.
    private var isCheckDue = false

    /// The delay before the spool is checked again: an earlier process with this name may still be
    /// shutting down, and outlives a supervisord that was killed.
    private static let firstPause = Runtime.shutdownTimeout * 2
    private static let pause = Duration.seconds(60)

    /// Prepares the restoration.
    ///
    /// - Parameters:
    ///   - runtime: The runtime.
    ///   - look: Detects processes that have recovered meanwhile: no listener may have received that
    ///     event.
    ///   - listener: Restores the incidents and restarts.
    init(_ runtime: Runtime, look: AlertedProcessLook, listener: any Listener) {
        self.runtime = runtime
        self.look = look
        self.listener = listener
    }

    /// Restores files, now and whenever another process with this name has ended.
    func begin() {
        runtime.alerts.outbox.onAdoption = { [unowned self] alert in note(alert) }
        runtime.alerts.outbox.onOtherContent = { [unowned self] content, key in
            take(content, key)
        }
        take(runtime.spool?.takeOver() ?? [])
        checkAgain(after: Self.firstPause)
    }

    private func checkAgain(after pause: Duration) {
        guard let spool = runtime.spool else { return }
        runtime.loop.after(pause) { [unowned self] in
            guard !runtime.isFinishing else { return }
            let left = spool.takeOverMore()
            if !left.isEmpty { take(left) }
            checkAgain(after: Self.pause)
        }
    }

    /// Takes over files: alerts shortly before their delivery, all others at once.
    private func take(_ keys: [Spool.Key]) {
        var count = keys.count
        for key in keys where !key.canWait {
            guard let content = runtime.spool?.content(key) else { continue }
            switch content {
            case .active, .restarts, .thread, .series: count -= 1
            case .alert, .held, .incident, .counted: break
            }
            take(content, key)
        }
        if count > 0 { runtime.log.report(.info, "restoring \(count) from the spool") }
        runtime.alerts.outbox.adopt(keys.filter(\.canWait))
        runtime.alerts.outbox.begin()
        // Services may have been restarted in the meantime, or resolve alerts that are not
        // repeated.
        if keys.count > count { runtime.alerts.activeAlerts?.repeatNow() }
        look.begin()
    }

    private func take(_ content: SpoolContent, _ key: Spool.Key) {
        let alerts = runtime.alerts
        switch content {
        case .alert: alerts.outbox.adopt([key])
        case .held(let spooled): alerts.restore(spooled, key)
        case .active(let incident):
            // Without a channel that tracks resolution, no resolution must be sent.
            alerts.activeAlerts?.restore(incident, key) ?? runtime.spool?.remove(key)
        case .incident(let incident):
            listener.restore(StoredIncident(incident, runtime.spool, key))
        case .counted(let incidents):
            alerts.flood.restore(incidents, key)
        case .thread(let thread):
            alerts.threads.restore(thread, key)
        case .series(let thread):
            alerts.threads.restore(series: thread, key)
        case .restarts(let records):
            runtime.spool?.remove(key)
            listener.restore(restarts: records)
        }
    }

    /// Records an alert that was read, and schedules a check whether it is resolved.
    private func note(_ alert: Alert) {
        guard let activeAlerts = runtime.alerts.activeAlerts else { return }
        activeAlerts.note(alert)
        guard !isCheckDue else { return }
        isCheckDue = true
        runtime.loop.after(.seconds(1)) { [unowned self] in
            isCheckDue = false
            look.begin()
        }
    }
}
