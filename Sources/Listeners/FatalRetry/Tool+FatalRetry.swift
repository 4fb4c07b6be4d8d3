// The tool fatalretry.

extension Tool {
    /// Starts FATAL programs again.
    static let fatalretry = Tool(options: FatalRetryOptions.table, mailer: .sendmail) {
        settings throws(UsageError) in
        let options = try FatalRetryOptions(settings)
        let client = try settings.client()
        return { runtime in FatalRetryListener(options, settings, client, runtime) }
    }
}
