internal import ListenerProtocol

extension Tool {
    /// Restarts processes that use too much memory.
    static let memmon = Tool(
        options: MemMonOptions.table, mailer: .sendmail,
        needs: { _ in ListenerNeeds(events: [(.tick, "all functions")], requiresRPC: true) }
    ) { settings throws(UsageError) in
        let options = try MemMonOptions(settings)
        let client = try settings.client()
        let own = settings.environment.own
        return ListenerPlan(
            watched: options.limits.description, selectors: options.limits.selectors,
            warnings: options.warnings, readsSilence: true, reportsFailedCalls: true,
            client: client
        ) { runtime in MemMonListener(options, own: own, client, runtime) }
    }
}
