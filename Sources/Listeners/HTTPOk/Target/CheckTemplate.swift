internal import ListenerProtocol
internal import Text

/// One operand of httpok, `[PATTERN=]TARGET`: the target, and the processes that it is for.
struct CheckTemplate {
    /// The processes; nil for those of `-p` and `-a`.
    let pattern: ProcessPattern?

    /// Whether each process has its own check.
    let isPerProcess: Bool

    /// The operand without credentials, as written.
    let redacted: String

    private let operand: OptionValue
    private let form: Form

    private enum Form {
        /// The whole target.
        case text(TemplateText)
        /// The words of a command, which a process's name never adds to, and its whole text.
        case command([TemplateText], TemplateText)
    }

    /// Parses an operand.
    ///
    /// - Parameter operand: The operand.
    /// - Throws: `UsageError` with what to change.
    init(_ operand: OptionValue) throws(UsageError) {
        let (pattern, target) = Self.split(operand.text)
        guard pattern?.isEmpty != true else {
            throw UsageError("\(operand.name): the name of a process is missing before '='")
        }
        self.pattern = pattern.map { ProcessPattern(String($0)) }
        self.operand = OptionValue(name: operand.name, text: String(target))
        form = try Self.form(self.operand)
        redacted = (pattern.map { "\($0)=" } ?? "") + Self.redacted(self.operand.text)
        isPerProcess =
            switch form {
            case .text(let text), .command(_, let text): text.isPerProcess
            }
        try checkTarget()
    }

    /// Numbers of processes, one of which makes a valid port of any useful sum.
    private static let numbers = [1, 0, 10, 100, 1_000, 8_000, 50_000]

    /// Rejects a target that is invalid with any process.
    private func checkTarget() throws(UsageError) {
        var fault: UsageError?
        for number in Self.numbers {
            do throws(UsageError) {
                _ = try target(for: ProcessName(group: "group", name: "name\(number)"))
                return
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
    }

    /// Whether the target has a certificate.
    var isSecure: Bool { operand.text.lowercased().hasPrefix("https:") }

    /// The program of a command, if it is the same for all processes.
    var program: String? {
        guard case .command(let words, _) = form, let first = words.first, !first.isPerProcess
        else { return nil }
        return first.description
    }

    /// The path of `unix:PATH`, if it is the same for all processes.
    var socketPath: String? {
        guard case .text(let text) = form, !text.isPerProcess,
            case .socket(let path) = try? target(for: ProcessName(group: "group", name: "name0"))
        else { return nil }
        return path
    }

    /// Returns the target for a process.
    ///
    /// - Parameter process: The process; any, if the target is the same for all.
    /// - Returns: The target.
    /// - Throws: `UsageError` when the target is invalid for it.
    func target(for process: ProcessName) throws(UsageError) -> CheckTarget {
        switch form {
        case .text(let template):
            let isPath = operand.text.hasPrefix("unix:")
            let text = try expand(template, process) { isPath ? $0 : $0.percentEncoded }
            return try CheckTarget(OptionValue(name: operand.name, text: text))
        case .command(let words, let whole):
            var expanded: [String] = []
            for word in words { expanded.append(try expand(word, process)) }
            return .command(expanded, text: try expand(whole, process))
        }
    }

    private func expand(
        _ template: TemplateText, _ process: ProcessName, encode: (String) -> String = { $0 }
    ) throws(UsageError) -> String {
        guard let text = template.text(for: process, encode: encode) else {
            throw UsageError(
                "\(operand.name): \(process) has no number at the end of its name for {num}")
        }
        return text
    }

    private static func form(_ target: OptionValue) throws(UsageError) -> Form {
        let mark = "exec:"
        guard target.text.hasPrefix(mark) else {
            return .text(try TemplateText(target, keepsUnknown: false))
        }
        let command = OptionValue(
            name: target.name, text: String(target.text.dropFirst(mark.count)))
        var words: [TemplateText] = []
        // Braces in a command are left alone unless they are known placeholders.
        for word in try CommandWords.split(command) {
            words.append(
                try TemplateText(OptionValue(name: target.name, text: word), keepsUnknown: true))
        }
        return .command(words, try TemplateText(command, keepsUnknown: true))
    }

    /// A target without parts that may be credentials.
    private static func redacted(_ text: String) -> String {
        guard !text.hasPrefix("exec:"), let start = text.firstRange(ofText: "://")?.upperBound
        else { return text }
        let authority = text.utf8[start...].prefix { !"/?#".utf8.contains($0) }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return text }
        return "\(text[..<start])\(Substring(text.utf8[at...].dropFirst()))"
    }

    /// A pattern ends at the first `=` before the target's prefix; any other belongs to the target.
    private static func split(_ text: String) -> (pattern: Substring?, target: Substring) {
        // A group's name may end with such a prefix, or be one.
        let isTarget = text.hasPrefix("exec:") || text.hasPrefix("unix:/")
        let named = CheckTarget.prefixes.compactMap { text.firstRange(ofText: "=\($0)") }
            .map { text.utf8.index(after: $0.lowerBound) }
        let starts = named + [text.firstRange(ofText: "://")?.lowerBound].compactMap { $0 }
        guard !isTarget, let start = starts.min(),
            let equals = text[..<start].firstRange(ofText: "=")
        else { return (nil, text[...]) }
        return (text[..<equals.lowerBound], text[equals.upperBound...])
    }
}
