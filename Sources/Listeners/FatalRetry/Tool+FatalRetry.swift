internal import ListenerProtocol

extension Tool {
    /// Restarts FATAL programs.
    static let fatalretry = Tool(
        options: FatalRetryOptions.table, mailer: .sendmail,
        needs: { _ in
            ListenerNeeds(
                events: [
                    (.processState, "all functions"),
                    (.supervisorStateChange, "detecting a shutdown"),
                ], requiresRPC: true)
        }
    ) { settings throws(UsageError) in
        let options = try FatalRetryOptions(settings)
        let client = try settings.client()
        return ListenerPlan(
            watched: options.patterns.map(\.description).joined(separator: ", "),
            selectors: options.patterns.map { ProcessSelector(option: "-p", pattern: $0) },
            client: client
        ) { runtime in FatalRetryListener(options, settings, client, runtime) }
    }
}
