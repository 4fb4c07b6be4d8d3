// A command line as a person types it, and where it may contain a password.

@testable import Listeners

/// A command line as a person types it, with a word in each line: variables as `NAME=value`, the
/// name of a tool, its arguments.
///
/// A `\n` within a word stands for a line end.
struct TypedLine {
    /// The password that nobody may see.
    static let secret = "hunter2"

    /// The name of the tool.
    let tool: String

    /// What follows it.
    let words: [String]

    /// The variables before it.
    let environment: [String: String]

    /// Reads a word in each line.
    ///
    /// - Parameter input: Variables, the tool's name and its arguments; nothing comes of a NUL,
    ///   which no word can have, and of no name.
    init?(_ input: [UInt8]) {
        guard !input.contains(0) else { return nil }
        var lines = String(decoding: input, as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(Substring($0)).replacing(#"\n"#, with: "\n") }[...]
        var environment: [String: String] = [:]
        while let line = lines.first, let sign = line.firstIndex(of: "=") {
            environment[String(line[..<sign])] = String(line[sign...].dropFirst())
            lines.removeFirst()
        }
        guard let tool = lines.popFirst() else { return nil }
        self.tool = tool
        self.environment = environment
        words = Array(lines)
    }

    /// Whether the secret stands where it is none.
    ///
    /// - Parameter plain: What the words mean.
    /// - Returns: Whether a tool may show it.
    func shows(_ plain: PlainOptions) -> Bool {
        let options = plain.occurrences.map { ($0.option.key, $0.text ?? "") }
        let passwords = ["SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_PASSWORD", "SUPERVISOR_PASSWORD"]
        let variables = environment.filter { !passwords.contains($0.key) }
        return options.contains { Self.shows($1, of: $0) }
            || plain.operands.contains { Self.shows($0, of: .serverURL) }
            || variables.contains { $0.value.contains(Self.secret) }
    }

    private static func shows(_ text: String, of key: OptionKey) -> Bool {
        switch key {
        case .password: return false
        // Scheme, host and port are shown.
        case .webhook, .slack, .alertmanager, .heartbeat:
            return WebURL(text)?.origin.contains(secret) == true
        case .webhookHeader: return text.prefix { $0 != ":" }.contains(secret)
        // All but login and query is shown, and no more of what has no login.
        case .serverURL:
            guard text.contains("://"), let at = text.lastIndex(of: "@") else {
                return text.contains(secret)
            }
            return text[at...].contains(secret) || text[..<at].contains("/\(secret)")
                || WebURL(text)?.origin.contains(secret) == true
        default: return text.contains(secret)
        }
    }
}
