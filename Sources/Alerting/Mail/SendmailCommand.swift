// A shell command that takes a mail, and by which option it learns who sends it.

/// A shell command that takes a mail.
///
/// Only a program called `sendmail` is known to have `-f`, which names the sender to those who
/// return a mail (sendmail(1) of Sendmail, Postfix, Exim and msmtp alike).
struct SendmailCommand {
    /// The command line.
    let text: String

    /// The command line with the sender of the envelope.
    ///
    /// - Parameter sender: The address alone.
    /// - Returns: The command line with `-f` behind its first word; the same line when its program
    ///   is not called `sendmail`, or when it names a sender itself.
    func naming(_ sender: String) -> String {
        let (program, end) = firstWord
        guard program.split(separator: "/").last == "sendmail" else { return text }
        let words = text[end...].split(whereSeparator: \.isWhitespace)
        guard !words.contains(where: Self.namesSender) else { return text }
        return "\(text[..<end]) -f \(Self.quoted(sender))\(text[end...])"
    }

    /// The first word as the shell reads it, and where it ends (POSIX, Shell Command Language,
    /// section 2.2).
    private var firstWord: (word: String, end: String.Index) {
        var index = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        var word = ""
        var quote: Character?
        while index < text.endIndex {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "\\" {
                index = text.index(after: index)
                guard index < text.endIndex else { break }
                word.append(text[index])
            } else if character.isWhitespace || ";|&<>()".contains(character) {
                break
            } else {
                word.append(character)
            }
            index = text.index(after: index)
        }
        return (word, index)
    }

    /// Whether a word is `-f` or `-r`, alone or behind options that take no value, or one of
    /// msmtp's long names for it.
    private static func namesSender(_ word: Substring) -> Bool {
        if word.hasPrefix("--") {
            return word.hasPrefix("--from") || word.hasPrefix("--read-envelope-from")
        }
        guard word.first == "-" else { return false }
        let rest = word.dropFirst().drop { "GIimnstUv".contains($0) }
        return rest.first == "f" || rest.first == "r"
    }

    private static func quoted(_ word: String) -> String {
        let parts = word.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.joined(separator: #"'\''"#))'"
    }
}
