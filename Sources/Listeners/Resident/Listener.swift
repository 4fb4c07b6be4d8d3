// What a listener decides.

internal import ListenerProtocol

/// What a listener decides about events; everything else is the ``Resident``'s.
protocol Listener: AnyObject {
    /// Is called once, before the first event.
    func begin(_ resident: Resident)

    /// Does what an event calls for. It must not wait for anything.
    func handle(_ content: EventContent, of name: EventName, by resident: Resident)

    /// Is called once, at the end.
    func finish(_ resident: Resident)
}

extension Listener {
    func begin(_ resident: Resident) {}

    func finish(_ resident: Resident) {}
}
