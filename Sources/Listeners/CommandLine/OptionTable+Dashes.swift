internal import Text

extension OptionTable {
    /// Rejects a word that begins with a dash beyond ASCII, such as `\u{2013}m`: word processors,
    /// wikis and chats put it in place of a hyphen.
    ///
    /// It would be ignored like other unexpected arguments, and the option with it.
    func checkDashes(_ parsed: ParsedArguments, of arguments: [String]) throws(UsageError) {
        let end = arguments.firstIndex { $0.isExactly("--") } ?? arguments.count
        for (word, index) in zip(parsed.operands, parsed.operandWords) where index <= end {
            if let error = dashed(word) { throw error }
        }
    }

    private func dashed(_ word: String) -> UsageError? {
        guard word.unicodeScalars.first?.isTypographicDash ?? false else { return nil }
        // What follows the "=" may be a password.
        let typed = word.unicodeScalars.prefix { $0 != "=" }
        let dashes = typed.prefix { $0 == "-" || $0.isTypographicDash }
        let name = String(typed[dashes.endIndex...])
        guard let first = name.unicodeScalars.first else {
            return .unknownOption(String(typed))
        }
        if name.unicodeScalars.count > 1, let known = nearest(to: "--\(name)") {
            return .unknownOption(String(typed), nearest: known)
        }
        // What follows the letter may be a password, too.
        let letter = Character(first)
        let isOwn = options.contains { $0.letter == letter }
        return .unknownOption(
            "\(String(dashes))\(first)", nearest: isOwn ? "-\(letter)" : nearest(toLetter: letter))
    }
}
