internal import ListenerProtocol

/// What a tool requires from its section, given its options.
struct ListenerNeeds {
    /// The events that it requires, each with the reason.
    let events: [(name: EventName, reason: String)]
    /// Whether it cannot work without calls to supervisord.
    let requiresRPC: Bool
    /// The options whose values are process patterns.
    let patterns: [OptionKey]

    /// Determines the requirements.
    ///
    /// - Parameters:
    ///   - tool: The tool's name.
    ///   - arguments: Its command line.
    init(_ tool: String, _ arguments: ParsedArguments) {
        let period = (try? arguments.value(.tick)?.tickPeriod().eventName) ?? "TICK_60"
        let tick = EventName(rawValue: period)
        var events: [(EventName, String)]
        switch tool {
        case "crashmail": events = [(.processStateExited, "crashes")]
        case "crashmailbatch", "crashsms":
            events = [(.processStateExited, "crashes"), (tick, "-e")]
        case "fatalmailbatch": events = [(.processStateFatal, "failed starts"), (tick, "-e")]
        case "fatalexit":
            events = [
                (.processState, "all of it"), (.supervisorStateChange, "knowing of a shutdown"),
                (.tick, "trying again"),
            ]
        case "fatalretry":
            events = [
                (.processState, "all of it"), (.supervisorStateChange, "knowing of a shutdown"),
            ]
        default: events = [(.tick, "all of it")]
        }
        // httpok's recoveries are about the URL, so they require no process events.
        if tool != "httpok" && arguments.has(.recovered) {
            events.append((.processStateRunning, "--recovered"))
        }
        self.events = events.map { (name: $0.0, reason: $0.1) }
        requiresRPC = ["httpok", "memmon", "fatalretry"].contains(tool)
        patterns = [.program, .main]
    }
}
