// The tool httpok.

extension Tool {
    /// Restarts programs when a URL does not respond correctly.
    static let httpok = Tool(
        options: HTTPOkOptions.table, mailer: .sendmail, confirmsDeliveries: true
    ) { settings throws(UsageError) in
        let options = try HTTPOkOptions(settings)
        let client = try settings.client()
        return ListenerPlan(
            watched: options.templates.map(\.redacted).joined(separator: ", "),
            selectors: options.selection.patterns.map {
                ProcessSelector(option: "-p", pattern: $0)
            }
                + options.templates.compactMap(\.pattern).map {
                    ProcessSelector(option: "PATTERN=URL", pattern: $0)
                }, client: client
        ) { runtime in HTTPOkListener(options, settings, client, runtime) }
    }
}
