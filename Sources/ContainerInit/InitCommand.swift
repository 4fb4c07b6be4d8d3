// The command line of superlance init.

internal import System
internal import Glibc

/// The command line of `superlance init`.
public enum InitCommand {
    /// What `--help` shows.
    static let help = """
        usage: superlance init [--] COMMAND [ARGUMENT]...

        Runs COMMAND as the first process of a container: passes signals on to it, reaps
        orphans, and ends with the status that fatalexit has found out, otherwise with
        COMMAND's own (128 and its number if a signal ended it).

          -h, --help                  Show this text and exit.

        Example: ENTRYPOINT ["superlance", "init", "--", "supervisord", "-n"]

        """

    /// Runs the command and ends with its status.
    ///
    /// - Parameter first: Which of this program's own words is the first after `superlance init`.
    public static func run(from first: Int) -> Never {
        let words = CommandLine.arguments.dropFirst(first)
        switch words.first {
        case "-h", "--help":
            Descriptor.standardOutput.writeAll(help.utf8)
            exit(EX_OK)
        case "--" where words.count > 1:
            run(CommandWords(first: first + 1))
        case nil, "--":
            reject("the command to run is missing")
        case let word? where word.hasPrefix("-"):
            reject("there is no option '\(word)'; write -- before a command that begins with -")
        default:
            run(CommandWords(first: first))
        }
    }

    private static func run(_ command: CommandWords) -> Never {
        var process = Init(command)
        exit(process.run())
    }

    private static func reject(_ reason: String) -> Never {
        Init.complain("\(reason)\nusage: superlance init [--] COMMAND [ARGUMENT]...")
        exit(EX_USAGE)
    }
}
