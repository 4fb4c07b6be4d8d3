// The tool fatalretry.

extension Tool {
    /// Restarts FATAL programs.
    static let fatalretry = Tool(options: FatalRetryOptions.table, mailer: .sendmail) {
        settings throws(UsageError) in
        let options = try FatalRetryOptions(settings)
        let client = try settings.client()
        return ListenerPlan(
            watched: options.patterns.map(\.description).joined(separator: ", "),
            selectors: options.patterns.map { ProcessSelector(option: "-p", pattern: $0) },
            client: client
        ) { runtime in FatalRetryListener(options, settings, client, runtime) }
    }
}
