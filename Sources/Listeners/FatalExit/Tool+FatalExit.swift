internal import ListenerProtocol

extension Tool {
    /// Stops supervisord when a program cannot run.
    static let fatalexit = Tool(
        options: FatalExitOptions.table, mailer: .sendmail,
        needs: { _ in
            ListenerNeeds(events: [
                (.processState, "all functions"),
                (.supervisorStateChange, "detecting a shutdown"), (.tick, "retrying"),
            ])
        }
    ) { settings throws(UsageError) in
        let options = try FatalExitOptions(settings)
        let client = try settings.optionalClient()
        let named = options.triggers.patterns + options.triggers.main
        return ListenerPlan(
            watched: named.isEmpty
                ? "all processes" : named.map(\.description).joined(separator: ", "),
            selectors: options.triggers.patterns.map {
                ProcessSelector(option: "-p", pattern: $0)
            } + options.triggers.main.map { ProcessSelector(option: "--main", pattern: $0) },
            client: client
        ) { runtime in FatalExitListener(options, settings, client, runtime) }
    }
}
