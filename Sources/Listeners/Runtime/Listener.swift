// What a listener decides.

internal import ListenerProtocol

/// What a listener decides about events; everything else is the ``Runtime``'s.
protocol Listener: AnyObject {
    /// Is called once, before the first event.
    func begin(_ runtime: Runtime)

    /// Is called after that for each incident that an earlier run kept to tell it later.
    func restore(_ incident: KeptIncident)

    /// Does what an event calls for. It must not wait for anything.
    func handle(_ content: EventContent, of name: EventName, by runtime: Runtime)

    /// Is called once, at the end.
    ///
    /// - Parameters:
    ///   - runtime: The program.
    ///   - completion: To be called once, when no alert is to come any more.
    func finish(_ runtime: Runtime, completion: @escaping () -> Void)
}

extension Listener {
    func restore(_ incident: KeptIncident) {}

    func begin(_ runtime: Runtime) {}

    func finish(_ runtime: Runtime, completion: @escaping () -> Void) { completion() }
}
