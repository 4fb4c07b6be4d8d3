internal import ListenerProtocol

extension Tool {
    /// Collects crashes and reports them in one mail.
    static let crashmailbatch = batch(.crashMail)

    /// Collects failed starts and reports them in one mail.
    static let fatalmailbatch = batch(.fatalMail)

    /// Collects crashes and reports them in one text message.
    static let crashsms = batch(.crashSMS)

    private static func batch(_ kind: BatchKind) -> Tool {
        Tool(
            options: BatchOptions.table(for: kind), mailer: .smtp,
            needs: { arguments in
                let events = [kind.subscription] + arguments.tickEvents
                return ListenerNeeds(events: events + arguments.recoveryEvents)
            }
        ) { settings throws(UsageError) in
            let options = try BatchOptions(settings, kind: kind)
            let client = try settings.optionalClient()
            return ListenerPlan(watched: "all processes", client: client) { runtime in
                BatchListener(options, kind: kind, settings, client, runtime)
            }
        }
    }
}
