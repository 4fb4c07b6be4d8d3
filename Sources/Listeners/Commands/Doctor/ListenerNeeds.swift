// What a tool needs of its section.

internal import ListenerProtocol

/// What a tool needs of its section, given its options.
struct ListenerNeeds {
    /// The events without which it does not do its work, each with what needs it.
    let events: [(name: EventName, reason: String)]
    /// Whether it does nothing without calls to supervisord.
    let requiresRPC: Bool
    /// The options whose values are patterns for processes.
    let patterns: [OptionKey]

    /// Reads the options.
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
        // httpok's is about the URL.
        if tool != "httpok" && arguments.has(.recovered) {
            events.append((.processStateRunning, "--recovered"))
        }
        self.events = events.map { (name: $0.0, reason: $0.1) }
        requiresRPC = ["httpok", "memmon", "fatalretry"].contains(tool)
        patterns = [.program, .main]
    }
}
