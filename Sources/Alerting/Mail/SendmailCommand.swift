/// A shell command that reads a mail.
///
/// Only programs named `sendmail` are known to support `-f` for the envelope sender (sendmail(1) of
/// Sendmail, Postfix, Exim and msmtp).
struct SendmailCommand {
    /// The command line.
    let text: String

    /// Adds the envelope sender to the command line.
    ///
    /// - Parameter sender: The address alone.
    /// - Returns: The command line with `-f` after its first word; the same line when its program
    ///   is not named `sendmail`, or already has a sender.
    func naming(_ sender: String) -> String {
        let (program, end) = firstWord
        guard program.split(separator: "/").last == "sendmail" else { return text }
        let words = text[end...].split(whereSeparator: \.isWhitespace)
        guard !words.contains(where: Self.namesSender) else { return text }
        return "\(text[..<end]) -f \(Self.quoted(sender))\(text[end...])"
    }

    /// The first word as parsed by a shell, and its end (POSIX, Shell Command Language, section
    /// 2.2).
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

    /// Whether a word is `-f` or `-r`, alone or after flags, or one of msmtp's long names for it.
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
