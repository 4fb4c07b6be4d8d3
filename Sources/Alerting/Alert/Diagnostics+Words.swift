// The words of a headline about a process that ended.

internal import Text

extension Diagnostics {
    /// How a process ended, and after what time: `SIGSEGV after 6 s`.
    var endingWords: String? {
        guard let uptime else { return causeWords }
        return "\(causeWords.map { "\($0) " } ?? "")after \(Self.duration(uptime))"
    }

    /// How a process ended, or why it was not started: `SIGSEGV`.
    package var causeWords: String? {
        if let signal { return Self.signalWords(signal) + suspicion }
        guard let spawnError else { return exitStatus.map { "exit status \($0)\(suspicion)" } }
        return Self.sentenceStart(spawnError) + (exitStatus.map { " (exit status \($0))" } ?? "")
    }

    /// That the OOM killer killed it, if it killed something at that time.
    private var suspicion: String {
        guard let oomKiller, oomKiller.hasPrefix("has killed "),
            !oomKiller.hasPrefix("has killed nothing")
        else { return "" }
        return " (probably by the OOM killer)"
    }

    /// The signal without its source, from a clause such as `terminated by SIGSEGV (core dumped),
    /// according to supervisord's log`.
    private static func signalWords(_ clause: String) -> String {
        let name =
            clause.firstRange(ofText: ", ").map { clause[..<$0.lowerBound] } ?? clause[...]
        let prefix = "terminated by "
        return String(name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name)
    }

    /// supervisord's words begin as a sentence: `Exited too quickly (process log may have
    /// details)`.
    private static func sentenceStart(_ text: String) -> String {
        let hint = " (process log may have details)"
        let words = text.hasSuffix(hint) ? String(text.dropLast(hint.count)) : text
        guard words.hasPrefix("Exited ") else { return words }
        return "e\(words.dropFirst())"
    }

    /// A duration in its largest unit, such as `6 s`, `12 min` or `3 h`.
    package static func roughDuration(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("min", 60)]
        let unit = units.first { seconds >= $0.1 } ?? ("s", 1)
        return "\(max(0, seconds) / unit.1) \(unit.0)"
    }
}
