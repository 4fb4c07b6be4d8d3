internal import ListenerProtocol

/// What a tool requires from its section, given its options, for `superlance doctor`.
struct ListenerNeeds {
    /// The events that it requires, each with the reason.
    let events: [(name: EventName, reason: String)]

    /// Whether it cannot work without calls to supervisord, as ``Tool/prepare`` decides by
    /// ``Settings/client()`` or ``Settings/optionalClient()``.
    var requiresRPC = false

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
