// The usage and help of `superlance init`.

extension InitCommand {
    /// The usage as one line.
    static let usage = "usage: superlance init [--] COMMAND [ARGUMENT]..."

    /// The text of `--help`.
    static let help = """
        \(usage)

        Runs COMMAND as the first process of a container: forwards signals, reaps
        orphans, and exits with the status that fatalexit determined, otherwise with
        COMMAND's own (128 + N if it was terminated by signal N).

          -h, --help                  Show this help and exit.

        Example: ENTRYPOINT ["superlance", "init", "--", "supervisord", "-n"]

        """
}
