// Keeps a crash loop from becoming a thousand mails.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Keeps a crash loop from becoming a thousand mails: after a process's crash was told, further
/// ones are counted for a while and then told together.
final class Cooldown {
    private let duration: Duration
    private let loop: PollLoop
    private let spool: Spool?
    /// Reports what was counted of one process.
    var report: ([Incident]) -> Void = { _ in }
    private var counted: [ProcessName: [KeptIncident]] = [:]

    /// Makes a cooldown.
    ///
    /// - Parameters:
    ///   - duration: How long crashes are counted; none are if it is zero.
    ///   - loop: Where time passes.
    ///   - spool: Where incidents are kept meanwhile.
    init(_ duration: Duration, _ loop: PollLoop, _ spool: Spool?) {
        self.duration = duration
        self.loop = loop
        self.spool = spool
    }

    /// Whether an incident is counted, rather than told at once.
    func counts(_ incident: Incident) -> Bool {
        guard duration > .zero, let name = incident.process else { return false }
        guard counted[name] != nil else {
            begin(name)
            return false
        }
        counted[name]?.append(KeptIncident(incident, in: spool))
        return true
    }

    /// Takes over what an earlier run had counted; it is told at the end of a cooldown.
    func restore(_ incident: KeptIncident) {
        guard let name = incident.incident.process else { return incident.forget() }
        if counted[name] == nil { begin(name) }
        counted[name]?.append(incident)
    }

    /// Tells everything, since the program ends.
    func finish() {
        for name in counted.keys.sorted(by: { $0.full < $1.full }) { tellCounted(name) }
    }

    private func begin(_ name: ProcessName) {
        counted[name] = []
        loop.after(duration) { [weak self] in self?.end(name) }
    }

    /// A cooldown in which nothing happened was the last one.
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
