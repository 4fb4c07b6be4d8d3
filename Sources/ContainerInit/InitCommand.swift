internal import Glibc
internal import System

/// The command line of `superlance init`.
public enum InitCommand {
    /// Runs the command and exits with its status.
    ///
    /// - Parameter first: The index of the first argument after `superlance init`.
    public static func run(from first: Int) -> Never {
        let words = OwnArguments.all.dropFirst(first)
        switch words.first {
        case "-h", "--help":
            Descriptor.standardOutput.writeAll(help.utf8)
            exit(EX_OK)
        case "--" where words.count > 1:
            run(MainCommand(first: first + 1))
        case nil, "--":
            reject("the command to run is missing")
        case let word? where word.hasPrefix("-"):
            reject("unknown option '\(word)'; write -- before a command that begins with -")
        default:
            run(MainCommand(first: first))
        }
    }

    private static func run(_ command: MainCommand) -> Never {
        var process = Init(command)
        exit(process.run())
    }

    private static func reject(_ reason: String) -> Never {
        Init.printError("\(reason)\nTry 'superlance init --help'.")
        exit(EX_USAGE)
    }
}
