// The tool fatalexit.

extension Tool {
    /// Stops supervisord when a program cannot run.
    static let fatalexit = Tool(options: FatalExitOptions.table, mailer: .sendmail) {
        settings throws(UsageError) in
        let options = try FatalExitOptions(settings)
        let client = try settings.optionalClient()
        return { runtime in FatalExitListener(options, settings, client, runtime) }
    }
}
