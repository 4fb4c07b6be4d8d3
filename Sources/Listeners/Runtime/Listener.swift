internal import EventLoop
internal import ListenerProtocol

/// The decisions of a listener; the ``Runtime`` does everything else.
protocol Listener: AnyObject {
    /// Restores an incident that an earlier run stored to report later; called before the first
    /// event.
    func restore(_ incident: StoredIncident)

    /// Restores the restarts of an earlier run.
    func restore(restarts records: [[String]])

    /// Handles an event.
    ///
    /// It must not block.
    func handle(_ content: EventContent, of name: EventName)

    /// How long open work and deliveries may take when the program ends.
    var finishLimit: Duration { get }

    /// Completes the open work; called once.
    ///
    /// - Parameter completion: To be called once, when no more alerts will follow.
    func finish(completion: @escaping () -> Void)
}

extension Listener {
    func restore(_ incident: StoredIncident) {}

    func restore(restarts records: [[String]]) {}

    var finishLimit: Duration { Runtime.shutdownTimeout }

    func finish(completion: @escaping () -> Void) { completion() }
}
