internal import System
internal import Text

/// The commands in a shell's script, as far as they can be determined without running it
/// (POSIX.1-2017, Shell Command Language, sections 2.2, 2.3 and 2.7).
package struct ShellScript {
    /// A word of a command.
    package struct Word: Equatable {
        /// The word without its quotes.
        package let text: String
        /// Whether the shell replaces parts of it, such as `$NAME` or `~`.
        package let isExpanded: Bool

        /// Creates a word.
        package init(text: String, isExpanded: Bool) {
            (self.text, self.isExpanded) = (text, isExpanded)
        }
    }

    /// A simple command.
    package struct Command: Equatable {
        /// Its words, without redirections.
        package fileprivate(set) var words: [Word] = []
        /// Whether its standard input or output is not that of the shell, or receives its standard
        /// error.
        package fileprivate(set) var isRedirected = false
    }

    /// The simple commands, in order.
    package private(set) var commands: [Command] = []

    /// Parses a script.
    package init(_ text: String) {
        var parser = ShellScriptParser(text)
        parser.run()
        commands = parser.commands
    }

    /// Parses the script of a command such as `sh -c 'exec crashmail'`.
    ///
    /// - Parameter words: The words of the command. Returns nil if they run no script.
    package init?(of words: [String]) {
        guard let shell = words.prefix(4).firstIndex(where: Self.isShell) else { return nil }
        var rest = words[(shell + 1)...]
        var isScript = false
        while let option = rest.first, option.hasPrefix("-") || option.hasPrefix("+") {
            rest.removeFirst()
            if option == "--" { break }
            guard !option.hasPrefix("--") else { continue }
            if option.contains("c") { isScript = true }
            // The name of an option follows.
            if option.contains("o") { rest = rest.dropFirst() }
        }
        guard isScript, let text = rest.first else { return nil }
        self.init(text)
    }

    private static func isShell(_ word: String) -> Bool {
        ["sh", "ash", "bash", "dash", "ksh", "zsh"].contains(word.split(separator: "/").last)
    }
}

/// Splits a script into simple commands.
private struct ShellScriptParser {
    private(set) var commands: [ShellScript.Command] = []

    private var rest: ArraySlice<UInt8>
    private var command = ShellScript.Command()
    /// The current word; nil between words.
    private var word: [UInt8]?
    private var isExpanded = false
    private var isQuoted = false
    /// The descriptor whose redirection ends with the next word, and whether it becomes that of
    /// another descriptor.
    private var redirection: (descriptor: String, isDuplicate: Bool)?

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    mutating func run() {
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
                endCommand()
            case UInt8(ascii: "|"), UInt8(ascii: "&"): readOperator(byte)
            case UInt8(ascii: "<"), UInt8(ascii: ">"): readRedirection(byte)
            case UInt8(ascii: "#") where word == nil: rest = rest.drop { $0 != UInt8(ascii: "\n") }
            default: readWord(byte)
            }
        }
        endCommand()
    }

    // MARK: Words

    private mutating func readWord(_ byte: UInt8) {
        let isFirst = word == nil
        word = word ?? []
        switch byte {
        case UInt8(ascii: "'"):
            isQuoted = true
            word?.append(contentsOf: rest.prefix { $0 != byte })
            rest = rest.drop { $0 != byte }.dropFirst()
        case UInt8(ascii: "\""): readQuoted()
        case UInt8(ascii: "\\"):
            isQuoted = true
            // A line that is continued.
            if let next = rest.popFirst(), next != UInt8(ascii: "\n") { word?.append(next) }
        case UInt8(ascii: "$"), UInt8(ascii: "`"): readExpansion(byte)
        default:
            if isFirst && byte == UInt8(ascii: "~") { isExpanded = true }
            word?.append(byte)
        }
    }

    private mutating func readQuoted() {
        isQuoted = true
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return }
                if !"$`\"\\\n".utf8.contains(next) { word?.append(byte) }
                if next != UInt8(ascii: "\n") { word?.append(next) }
            case UInt8(ascii: "$"), UInt8(ascii: "`"): readExpansion(byte)
            default: word?.append(byte)
            }
        }
    }

    /// Reads `$NAME`, `${NAME}`, `$(COMMAND)` or a command in backquotes.
    private mutating func readExpansion(_ byte: UInt8) {
        isExpanded = true
        word?.append(byte)
        if byte == UInt8(ascii: "`") {
            word?.append(contentsOf: rest.prefix { $0 != byte } + [byte])
            rest = rest.drop { $0 != byte }.dropFirst()
            return
        }
        let pairs = [UInt8(ascii: "("): UInt8(ascii: ")"), UInt8(ascii: "{"): UInt8(ascii: "}")]
        guard let open = rest.first, let close = pairs[open] else { return }
        var depth = 0
        while let next = rest.popFirst() {
            word?.append(next)
            if next == open { depth += 1 }
            if next == close { depth -= 1 }
            if depth == 0 { return }
        }
    }

    private mutating func endWord() {
        guard let bytes = word else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        if let redirection {
            noteRedirection(redirection.descriptor, redirection.isDuplicate ? text : nil)
        } else {
            command.words.append(ShellScript.Word(text: text, isExpanded: isExpanded))
        }
        redirection = nil
        (word, isExpanded, isQuoted) = (nil, false, false)
    }

    // MARK: Operators

    private mutating func readOperator(_ byte: UInt8) {
        let isDouble = rest.first == byte
        if isDouble {
            rest.removeFirst()
        } else if byte == UInt8(ascii: "&"), rest.first == UInt8(ascii: ">") {
            // bash: both outputs to a file.
            endWord()
            rest.removeFirst()
            redirection = ("1", false)
            return
        } else {
            // A command in a pipe or in the background.
            endWord()
            command.isRedirected = true
        }
        endCommand()
        if byte == UInt8(ascii: "|") && !isDouble { command.isRedirected = true }
    }

    private mutating func readRedirection(_ byte: UInt8) {
        // Digits directly before the operator are a descriptor.
        var descriptor = byte == UInt8(ascii: "<") ? "0" : "1"
        if let bytes = word, !isQuoted,
            bytes.allSatisfy(\.isASCIIDigit)
        {
            descriptor = String(decoding: bytes, as: UTF8.self)
            word = nil
        } else {
            endWord()
        }
        let marks = rest.prefix { "<>|&-".utf8.contains($0) }
        rest = rest.dropFirst(marks.count)
        let isDuplicate = marks.contains(UInt8(ascii: "&"))
        if isDuplicate && marks.last == UInt8(ascii: "-") {
            noteRedirection(descriptor, "-")
        } else {
            redirection = (descriptor, isDuplicate)
        }
    }

    private mutating func noteRedirection(_ descriptor: String, _ other: String?) {
        let isOwn = ["0", "1"].contains(descriptor) && other != descriptor
        // Standard error in the answers to supervisord.
        if isOwn || (descriptor == "2" && other == "1") { command.isRedirected = true }
    }

    private mutating func endCommand() {
        endWord()
        if !command.words.isEmpty { commands.append(command) }
        command = ShellScript.Command()
    }
}
