// Completions for bash, zsh and fish, generated from the option tables.

import Foundation
import Listeners

/// The kind of a value, for completion.
private enum Values {
    case files, directories, commands, anything
    case words([String])

    init(of placeholder: String) {
        switch placeholder {
        case "FILE": self = .files
        case "DIRECTORY": self = .directories
        case "COMMAND": self = .commands
        case "TICK_N": self = .words(["TICK_5", "TICK_60", "TICK_3600"])
        default: self = .anything
        }
    }
}

extension OptionSpecification {
    fileprivate var values: Values? { placeholder.map(Values.init) }

    fileprivate var words: [String] {
        [letter.map { "-\($0)" }, "--\(longName)"].compactMap { $0 }
    }
}

// MARK: bash

extension OptionTable {
    /// The completion for bash.
    var bashCompletion: String {
        """
        # shellcheck shell=bash
        # Completion of \(programName)'s options.

        \(bashFunction(named: "_superlance_\(programName)"))

        complete -F _superlance_\(programName) \(programName)

        """
    }

    /// A function for bash that completes the options.
    func bashFunction(named name: String) -> String {
        let cases = options.compactMap { option in
            option.values.map { values in
                "        \(option.words.joined(separator: " | ")))\n"
                    + "            \(Self.bashLine(values))\n            return\n            ;;"
            }
        }.joined(separator: "\n")
        let words = options.flatMap(\.words).joined(separator: " ")
        return """
            \(name)() {
                local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
                COMPREPLY=()
                # bash makes three words of --option=value.
                if [ "$word" = = ]; then
                    word=
                elif [ "$previous" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
                    previous=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                case $previous in
            \(cases)
                esac
                [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "\(words)" -- "$word")
            }
            """
    }

    private static func bashLine(_ values: Values) -> String {
        let kind: String
        switch values {
        case .files: kind = "-f"
        case .directories: kind = "-d"
        case .commands: kind = "-c"
        case .words(let words): kind = "-W \"\(words.joined(separator: " "))\""
        case .anything: return ":"
        }
        let names = kind == "-f" || kind == "-d" ? "compopt -o filenames; " : ""
        return "\(names)mapfile -t COMPREPLY < <(compgen \(kind) -- \"$word\")"
    }
}

// MARK: zsh

extension OptionTable {
    /// The completion for zsh.
    var zshCompletion: String {
        """
        #compdef \(programName)
        # Completion of \(programName)'s options.

        _arguments -s -S \\
            \(zshArguments(operands: "_urls").joined(separator: " \\\n    "))

        """
    }

    /// The arguments of zsh's `_arguments` for the options and operands.
    ///
    /// - Parameter action: How operands are completed.
    /// - Returns: The arguments, quoted.
    func zshArguments(operands action: String) -> [String] {
        options.flatMap(Self.zshSpecifications)
            + (operands.isEmpty ? [] : ["':\(operands):\(action)'"])
    }

    private static func zshSpecifications(_ option: OptionSpecification) -> [String] {
        let isRepeatable = option.occurrence.isRepeatable
        let words = option.words
        let exclusion = isRepeatable ? "*" : "(\(words.joined(separator: " ")))"
        return words.map { word in
            let sign = option.placeholder == nil ? "" : word.hasPrefix("--") ? "=" : "+"
            let value = option.placeholder.map { ":\($0):\(zshAction(Values(of: $0)))" } ?? ""
            return quoted("\(exclusion)\(word)\(sign)[\(zshEscaped(option.help))]\(value)")
        }
    }

    private static func zshAction(_ values: Values) -> String {
        switch values {
        case .files: "_files"
        case .directories: "_files -/"
        case .commands: "_command_names -e"
        case .words(let words): "(\(words.joined(separator: " ")))"
        case .anything: " "
        }
    }

    private static func zshEscaped(_ text: String) -> String {
        text.replacingOccurrences(of: "[", with: "\\[").replacingOccurrences(of: "]", with: "\\]")
    }

    /// Text between single quotes, for zsh.
    private static func quoted(_ text: String) -> String {
        "'\(text.replacingOccurrences(of: "'", with: "'\\''"))'"
    }
}

// MARK: fish

extension OptionTable {
    /// The completion for fish.
    var fishCompletion: String {
        """
        # Completion of \(programName)'s options.
        complete -c \(programName) -f
        \(fishLines(for: programName).joined(separator: "\n"))

        """
    }

    /// The commands of fish that complete the options.
    ///
    /// - Parameter words: The program, and conditions if there are any.
    /// - Returns: The commands.
    func fishLines(for words: String) -> [String] {
        options.map { option in
            let letter = option.letter.map { " -s \($0)" } ?? ""
            let help = option.help.replacingOccurrences(of: "\\", with: "\\\\")
                .replacingOccurrences(of: "'", with: "\\'")
            return "complete -c \(words)\(letter) -l \(option.longName)"
                + "\(option.values.map(Self.fishValues) ?? "") -d '\(help)'"
        }
    }

    private static func fishValues(_ values: Values) -> String {
        switch values {
        case .files: " -r -F"
        case .directories: " -x -a '(__fish_complete_directories)'"
        case .commands: " -x -a '(__fish_complete_command)'"
        case .words(let words): " -x -a '\(words.joined(separator: " "))'"
        case .anything: " -x"
        }
    }
}
