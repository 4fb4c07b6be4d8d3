import Foundation
import Listeners

/// Completions of the commands of `superlance`.
enum CommandCompletion {
    /// The commands, each with its purpose.
    private static let commands: [(name: String, purpose: String)] = [
        ("init", "Run supervisord as the first process of a container."),
        ("doctor", "Check the configuration of supervisord and the listeners."),
        ("status", "Show the status of the listeners."),
        ("silence", "Suspend alerts and restarts for programs."),
    ]

    private static let tables = OptionTable.ofCommands.map { table in
        (name: String(table.programName.split(separator: " ").last ?? ""), table: table)
    }

    /// The completion for bash.
    static let bash: String = {
        let functions = tables.map { $0.table.bashFunction(named: "_superlance_\($0.name)") }
        let words = commands.map(\.name) + ["--help", "--version"]
        return """
            # shellcheck shell=bash
            # Completion of superlance's commands and their options.

            \(functions.joined(separator: "\n\n"))

            _superlance() {
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    mapfile -t COMPREPLY < <(compgen -W "\(words.joined(separator: " "))" \\
                        -- "${COMP_WORDS[COMP_CWORD]}")
                    return
                fi
                case ${COMP_WORDS[1]} in
                    init) mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}") ;;
            \(tables.map { "        \($0.name)) _superlance_\($0.name) ;;" }.joined(separator: "\n"))
                esac
            }

            complete -F _superlance superlance

            """
    }()

    /// The completion for zsh.
    static let zsh: String = {
        let list = commands.map { "        '\($0.name):\($0.purpose)'" }
        let cases = tables.map { name, table in
            let arguments = table.zshArguments(operands: " ")
            return "        \(name))\n            _arguments -s -S \\\n                "
                + arguments.joined(separator: " \\\n                ") + "\n            ;;"
        }
        return """
            #compdef superlance
            # Completion of superlance's commands and their options.

            local -a commands=(
            \(list.joined(separator: "\n"))
            )
            if (( CURRENT == 2 )); then
                _describe command commands
                _arguments '--help[Show the commands.]' '--version[Show the version.]'
            else
                shift words
                (( CURRENT-- ))
                case $words[1] in
                    init)
                        _arguments '*:::command:_normal'
                        ;;
            \(cases.joined(separator: "\n"))
                esac
            fi

            """
    }()

    /// The completion for fish.
    static let fish: String = {
        let names = commands.map { name, purpose in
            "complete -c superlance -n __fish_use_subcommand -a \(name) -d '\(purpose)'"
        }
        let options = tables.flatMap { name, table in
            table.fishLines(for: "superlance -n '__fish_seen_subcommand_from \(name)'")
        }
        return """
            # Completion of superlance's commands and their options.
            complete -c superlance -f
            \(names.joined(separator: "\n"))
            \(options.joined(separator: "\n"))

            """
    }()
}
