internal import ContainerInit
internal import Glibc
internal import System

/// The commands of `superlance`: `superlance COMMAND [ARGUMENT]...`.
enum SuperlanceCommand: String, CaseIterable {
    /// Runs supervisord as the first process of a container.
    case initialize = "init"
    /// Checks a configuration.
    case doctor
    /// Shows the status of the listeners.
    case status
    /// Suspends alerts and restarts for a while.
    case silence

    /// The text of `--help`.
    static var help: String {
        let names = Tool.names.joined(separator: ", ")
        let summary = OptionTable.paragraph(
            "Listeners and commands for supervisord. supervisord runs each listener under its own "
                + "name: \(names).")
        return """
            usage: superlance COMMAND [ARGUMENT]...

            \(summary)

              init      Run supervisord as the first process of a container.
              doctor    Check the configuration of supervisord and its listeners.
              status    Show the status of the listeners.
              silence   Suspend alerts and restarts for programs.

            For details, see 'superlance COMMAND --help' and 'man superlance'.

            """
    }

    /// Runs the command named by the first argument.
    static func run() -> Never {
        Descriptor.openMissingStandards()
        let words = OwnArguments.all.dropFirst()
        switch words.first {
        case nil: reject(help)
        case "-h", "--help", "help": answer(help)
        case "--version": answer("superlance \(Tool.version)\n")
        // For scripts that need the list of tools.
        case "--tools": answer(Tool.names.map { "\($0)\n" }.joined())
        case let word? where Tool.names.contains(word):
            reject("superlance: error: \(word) is a program of its own: write command=\(word)\n")
        case let word?:
            guard let command = SuperlanceCommand(rawValue: word) else {
                reject(
                    "superlance: error: unknown command '\(word)'; 'superlance --help' lists "
                        + "them\n")
            }
            command.run()
        }
    }

    private func run() -> Never {
        let words = Array(OwnArguments.all.dropFirst(2))
        do throws(UsageError) {
            switch self {
            case .initialize: InitCommand.run(from: 2)
            case .doctor: exit(try DoctorCommand.run(words))
            case .status: exit(try StatusCommand.run(words))
            case .silence: exit(try SilenceCommand.run(words))
            }
        } catch {
            Self.reject("superlance \(rawValue): error: \(error)\n")
        }
    }

    private static func answer(_ text: String) -> Never {
        Descriptor.standardOutput.writeAll(text.utf8)
        exit(EX_OK)
    }

    private static func reject(_ text: String) -> Never {
        Descriptor.standardError.writeAll(text.utf8)
        exit(EX_USAGE)
    }
}
