internal import ListenerProtocol

extension Tool {
    /// Restarts programs when a URL does not respond correctly.
    static let httpok = Tool(
        options: HTTPOkOptions.table, mailer: .sendmail, confirmsDeliveries: true,
        // --recovered is about the URL, so it requires no process events.
        needs: { _ in ListenerNeeds(events: [(.tick, "all functions")], requiresRPC: true) }
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
                }, unusableSockets: options.unusableSockets,
            warnings: options.warnings, faults: { options.faults(for: $0) }, readsSilence: true,
            client: client
        ) { runtime in HTTPOkListener(options, settings, client, runtime) }
    }
}
