// Options from environment variables, which supervisord passes to all listeners.

extension ParsedArguments {
    /// Returns the environment variables of an option, such as `SUPERLANCE_SMTPHOST`.
    ///
    /// - Parameter option: The option.
    /// - Returns: Their names; the first one that is set counts.
    static func variables(of option: OptionSpecification) -> [String] {
        let name = String(option.longName.uppercased().map { $0 == "-" ? "_" : $0 })
        // -m of some tools and -t of the others are the same option: the recipients.
        let names = option.key == .email ? ["EMAIL", "TOEMAIL"] : [name]
        return names.map { "SUPERLANCE_\($0)" }
    }

    /// Adds options from the environment that are not on the command line.
    ///
    /// - Parameters:
    ///   - options: The options that the environment may set.
    ///   - environment: The environment.
    /// - Returns: All options; one from the environment has the name of its variable.
    /// - Throws: `UsageError` for a flag that is neither on nor off.
    func adding(
        _ options: [OptionSpecification], from environment: ListenerEnvironment
    ) throws(UsageError) -> ParsedArguments {
        var added: [OptionOccurrence] = []
        for option in options where !has(option.key) && !isOverruled(option.key) {
            let names = Self.variables(of: option)
            guard let name = names.first(where: { environment[$0] != nil }),
                let text = environment[name]
            else {
                continue
            }
            for value in try Self.values(text, of: option, name: name) {
                added.append(OptionOccurrence(key: option.key, name: name, text: value))
            }
        }
        return ParsedArguments(
            occurrences: added + occurrences, operands: operands, operandWords: operandWords)
    }

    /// Whether the command line has an option that takes precedence over this one.
    private func isOverruled(_ key: OptionKey) -> Bool {
        switch key {
        case .smtpHost: has(.sendmail)
        case .sendmail: has(.smtpHost)
        case .passwordFile: has(.password)
        default: false
        }
    }

    /// The values in a variable; for a flag one without a text, or none.
    private static func values(
        _ text: String, of option: OptionSpecification, name: String
    ) throws(UsageError) -> [String?] {
        guard option.placeholder != nil else {
            switch text.lowercased() {
            case "1", "true", "yes", "on": return [nil]
            case "0", "false", "no", "off": return []
            default: throw .invalidValue(name, expected: "1 or 0", got: text)
            }
        }
        guard option.occurrence.isRepeatable else { return [text] }
        // Only line feeds separate header fields, which contain spaces; addresses do not.
        let parts = text.split {
            option.key == .webhookHeader ? $0.isNewline : $0.isWhitespace
        }
        return parts.map { String($0) }
    }
}
