internal import ListenerProtocol

extension Tool {
    /// Stops supervisord when a program cannot run.
    static let fatalexit = Tool(
        options: FatalExitOptions.table, mailer: .sendmail,
        needs: { _ in
            ListenerNeeds(
                events: [
                    (.processState, "all functions"),
                    (.supervisorStateChange, "detecting a shutdown"), (.tick, "retrying"),
                ], tick: .tick5)
        }
    ) { settings throws(UsageError) in
        let options = try FatalExitOptions(settings)
        let client = try settings.optionalClient()
        let patterns = options.triggers.patterns.map(\.description)
        let main = options.triggers.main.map { "--main \($0)" }
        return ListenerPlan(
            watched: ((patterns.isEmpty ? ["all processes"] : patterns) + main)
                .joined(separator: ", "),
            selectors: options.triggers.patterns.map {
                ProcessSelector(option: "-p", pattern: $0)
            } + options.triggers.main.map { ProcessSelector(option: "--main", pattern: $0) },
            client: client
        ) { runtime in FatalExitListener(options, settings, client, runtime) }
    }
}
