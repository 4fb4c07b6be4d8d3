internal import ListenerProtocol

/// The processes under the Go implementation that were stopped on request, by their events.
///
/// 0.7.4 and later show such a process in BACKOFF and, with `startretries=1`, in FATAL at once. A
/// start that fails has STARTING before that instead.
struct RequestedStops {
    /// How far the events of a stop have come.
    private enum Step {
        case stopping, backoff
    }

    private var steps: [ProcessName: Step] = [:]

    /// Records a change of state.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - name: The event's name.
    /// - Returns: Whether it is FATAL only because of a stop. Never for a listener that does not get
    ///   both events before it, so that no failed start is missed.
    mutating func explain(_ change: ProcessStateChange, _ name: EventName) -> Bool {
        guard change.isFromGoSupervisord else { return false }
        let step = steps.removeValue(forKey: change.process)
        switch name {
        case .processStateStopping: steps[change.process] = .stopping
        case .processStateBackoff where step == .stopping: steps[change.process] = .backoff
        default: break
        }
        return name == .processStateFatal && step == .backoff
    }
}
