// The tool crashmail.

extension Tool {
    /// Sends mail for each crash.
    static let crashmail = Tool(
        options: CrashMailOptions.table, mailer: .sendmail, confirmsDeliveries: true
    ) { settings throws(UsageError) in
        let options = try CrashMailOptions(settings)
        let client = try settings.optionalClient()
        return { runtime in CrashMailListener(options, settings, client, runtime) }
    }
}
