internal import ListenerProtocol
internal import SupervisorConfiguration
internal import System

/// The tool that a command runs, directly or in a shell's script.
struct ListenerCommand {
    /// The tool.
    let tool: Tool
    /// The program that is run as the tool: its path, or a name to search for; nil if the shell
    /// determines it.
    let program: String?
    /// The words after the program; nil if the shell determines some of them.
    let words: [String]?
    /// Whether the shell redirects its standard input or output.
    let isRedirected: Bool
    /// Whether a shell's script runs the tool.
    let isInScript: Bool
    /// Whether it is written as a command of `superlance`, which it is not.
    let isSubcommand: Bool
    /// What surrounds the tool.
    let setting: CommandSetting

    /// Searches a command for a tool.
    ///
    /// - Parameter command: The words of the command. Returns nil if they run none of the tools.
    init?(_ command: [String]) {
        var setting = CommandSetting()
        for (number, part) in (ShellScript(of: command)?.commands ?? []).enumerated() {
            guard let (tool, index) = Self.find(part.words.map(\.text)) else {
                setting.noteEarlier(part.words)
                continue
            }
            let rest = part.words[(index + 1)...]
            self.tool = tool
            // Earlier commands, and variables before it, can change the directory and the path.
            let isAlone = number == 0 && part.words[..<index].allSatisfy { $0.text == "exec" }
            let word = part.words[index]
            let isKnown = !word.isExpanded && (isAlone || word.text.hasPrefix("/"))
            program = isKnown ? word.text : nil
            words = rest.contains(where: \.isExpanded) ? nil : rest.map(\.text)
            (isRedirected, isInScript) = (part.isRedirected, true)
            isSubcommand = Self.isSubcommand(index, of: part.words.map(\.text))
            setting.noteWords(part.words[..<index])
            self.setting = setting
            return
        }
        guard let (tool, index) = Self.find(command) else { return nil }
        self.tool = tool
        program = command[index]
        words = Array(command[(index + 1)...])
        (isRedirected, isInScript) = (false, false)
        isSubcommand = Self.isSubcommand(index, of: command)
        setting.noteWords(
            command[..<index].map { ShellScript.Word(text: $0, isExpanded: false) }[...])
        self.setting = setting
    }

    /// The name of a tool among the first words: an interpreter, `exec` or `env` may precede it,
    /// with options and variables.
    private static func find(_ words: [String]) -> (tool: Tool, index: Int)? {
        let start = words.firstIndex { !CommandSetting.isAssignment($0) } ?? 0
        let isWrapped =
            words.indices.contains(start) && CommandSetting.isWrapper(words[start].lastPathName)
        let limit = isWrapped ? words.count : start + 4
        for (index, word) in words.prefix(limit).enumerated()
        where !CommandSetting.isAssignment(word) {
            let name = word.lastPathName
            let plain = name.hasPrefix("superlance.") ? String(name.dropFirst(11)) : name
            if let tool = Tool.all.first(where: { $0.name == plain }) { return (tool, index) }
        }
        return nil
    }

    private static func isSubcommand(_ index: Int, of words: [String]) -> Bool {
        index > 0 && words[index - 1].lastPathName == "superlance"
    }
}
