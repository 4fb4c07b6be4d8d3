internal import ListenerProtocol

/// What a tool requires from its section, given its options, for `superlance doctor`.
struct ListenerNeeds {
    /// The events that it requires, each with the reason.
    let events: [(name: EventName, reason: String)]

    /// Whether it cannot work without calls to supervisord, as ``Tool/prepare`` decides by
    /// ``Settings/client()`` or ``Settings/optionalClient()``.
    var requiresRPC = false

    /// All events that it requires, each with the reason; ``EventName/tick`` is any tick.
    ///
    /// - Parameter settings: The settings; a heartbeat requires a tick.
    /// - Returns: The events.
    func events(for settings: Settings) -> [(name: EventName, reason: String)] {
        let hasTick = events.contains { EventName.tick ~= $0.name }
        guard settings.channelSettings.heartbeat != nil, !hasTick else { return events }
        return events + [(.tick, "--heartbeat")]
    }

    /// Whether a subscription to events includes a required one; ``EventName/tick`` is any tick.
    static func isMet(_ required: EventName, by events: [EventName]) -> Bool {
        events.contains { $0 ~= required || required == .tick && required ~= $0 }
    }

    /// The tick to write in `events=` if any one is required.
    var tick = EventName.tick60

    /// The event to write in `events=` for a required one.
    func proposal(for event: EventName) -> EventName {
        event == .tick ? tick : event
    }

    /// The options whose values are process patterns.
    static let patterns: [OptionKey] = [.program, .main, .route]
}

extension ParsedArguments {
    /// The tick event of `-e`.
    var tickEvents: [(name: EventName, reason: String)] {
        let period = try? value(.tick)?.tickPeriod()
        return [(EventName(rawValue: period?.eventName ?? "TICK_60"), "-e")]
    }

    /// The events for `--recovered`.
    var recoveryEvents: [(name: EventName, reason: String)] {
        has(.recovered) ? [(.processStateRunning, "--recovered")] : []
    }
}
