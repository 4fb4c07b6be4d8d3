internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Limits the mails about a crash loop: after a process's crash has been reported, further crashes
/// are counted for a while and then reported together.
final class Cooldown {
    private let duration: Duration
    private let loop: PollLoop
    private let spool: Spool?
    /// Reports the crashes counted for one process.
    var report: ([Incident]) -> Void = { _ in }
    private var counted: [ProcessName: [KeptIncident]] = [:]

    /// Creates a cooldown.
    ///
    /// - Parameters:
    ///   - duration: How long crashes are counted; zero disables the cooldown.
    ///   - loop: Provides the timers.
    ///   - spool: Stores the counted incidents.
    init(_ duration: Duration, _ loop: PollLoop, _ spool: Spool?) {
        self.duration = duration
        self.loop = loop
        self.spool = spool
    }

    /// Returns whether an incident is counted rather than reported now.
    func counts(_ incident: Incident) -> Bool {
        guard duration > .zero, let name = incident.process else { return false }
        guard counted[name] != nil else {
            begin(name)
            return false
        }
        counted[name]?.append(KeptIncident(incident, in: spool))
        return true
    }

    /// Restores an incident that an earlier run counted; it is reported at the end of a cooldown.
    func restore(_ incident: KeptIncident) {
        guard let name = incident.incident.process else { return incident.forget() }
        if counted[name] == nil { begin(name) }
        counted[name]?.append(incident)
    }

    /// Reports everything that was counted, before the program exits.
    func finish() {
        for name in counted.keys.sorted(by: { $0.full < $1.full }) { tellCounted(name) }
    }

    private func begin(_ name: ProcessName) {
        counted[name] = []
        loop.after(duration) { [weak self] in self?.end(name) }
    }

    /// A cooldown without crashes is not followed by another one.
    private func end(_ name: ProcessName) {
        guard counted[name]?.isEmpty == false else { return counted[name] = nil }
        tellCounted(name)
        begin(name)
    }

    private func tellCounted(_ name: ProcessName) {
        let kept = counted.removeValue(forKey: name) ?? []
        guard !kept.isEmpty else { return }
        report(kept.map(\.incident))
        // Only now is the alert itself in the spool.
        kept.forEach { $0.forget() }
    }
}
