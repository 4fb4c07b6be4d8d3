// What a listener decides.

internal import EventLoop
internal import ListenerProtocol

/// What a listener decides about events; everything else is the ``Runtime``'s job.
protocol Listener: AnyObject {
    /// Takes over an incident that an earlier run kept to report it later; called before the first
    /// event.
    func restore(_ incident: KeptIncident)

    /// Takes over what an earlier run knew about its restarts.
    func restore(restarts records: [[String]])

    /// Does what an event calls for. It must not wait for anything.
    func handle(_ content: EventContent, of name: EventName)

    /// Ends; called once.
    ///
    /// - Parameter completion: To be called once, when no more alerts will come.
    func finish(completion: @escaping () -> Void)
}

extension Listener {
    func restore(_ incident: KeptIncident) {}

    func restore(restarts records: [[String]]) {}

    func finish(completion: @escaping () -> Void) { completion() }
}
