internal import ListenerProtocol

extension Tool {
    /// Sends mail for each crash.
    static let crashmail = Tool(
        options: CrashMailOptions.table, mailer: .sendmail, confirmsDeliveries: true,
        needs: { arguments in
            let fatal: [(name: EventName, reason: String)] =
                arguments.has(.fatal) ? [(.processStateFatal, "--fatal")] : []
            return ListenerNeeds(
                events: [(.processStateExited, "crashes")] + fatal + arguments.recoveryEvents)
        }
    ) { settings throws(UsageError) in
        let options = try CrashMailOptions(settings)
        let client = try settings.optionalClient()
        return ListenerPlan(
            watched: options.isAny
                ? "all processes" : options.watched,
            selectors: options.programs.map { ProcessSelector(option: "-p", pattern: $0) },
            client: client
        ) { runtime in CrashMailListener(options, settings, client, runtime) }
    }
}
