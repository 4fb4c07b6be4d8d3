// The usage and help of `superlance init`.

extension InitCommand {
    /// The usage as one line.
    static let usage = "usage: superlance init [--] COMMAND [ARGUMENT]..."

    /// The text of `--help`.
    static let help = """
        \(usage)

        Runs COMMAND as the first process of a container: passes signals on to it, reaps
        orphans, and ends with the status that fatalexit has found out, otherwise with
        COMMAND's own (128 and its number if a signal ended it).

          -h, --help                  Show this text and exit.

        Example: ENTRYPOINT ["superlance", "init", "--", "supervisord", "-n"]

        """
}
