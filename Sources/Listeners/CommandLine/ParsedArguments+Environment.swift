// Options from the environment, which supervisord hands to all listeners alike.

extension ParsedArguments {
    /// The variables that an option can come from, such as `SUPERLANCE_SMTPHOST`.
    ///
    /// - Parameter option: The option.
    /// - Returns: Their names; the first that is set counts.
    static func variables(of option: OptionSpecification) -> [String] {
        let name = String(option.longName.uppercased().map { $0 == "-" ? "_" : $0 })
        // -m in one family and -t in the other are one option: the recipients.
        let names = option.key == .email ? ["EMAIL", "TOEMAIL"] : [name]
        return names.map { "SUPERLANCE_\($0)" }
    }

    /// Adds options from the environment where the command line says nothing.
    ///
    /// - Parameters:
    ///   - options: Those that may come from it.
    ///   - host: The environment.
    /// - Returns: All options; one from the environment is named as its variable.
    /// - Throws: `UsageError` for a switch that is neither on nor off.
    func adding(
        _ options: [OptionSpecification], from host: SupervisorEnvironment
    ) throws(UsageError) -> ParsedArguments {
        var added: [OptionOccurrence] = []
        for option in options where !has(option.key) && !isOverruled(option.key) {
            let names = Self.variables(of: option)
            guard let name = names.first(where: { host[$0] != nil }), let text = host[name] else {
                continue
            }
            for value in try Self.values(text, of: option, name: name) {
                added.append(OptionOccurrence(key: option.key, name: name, text: value))
            }
        }
        return ParsedArguments(
            occurrences: added + occurrences, operands: operands, operandWords: operandWords)
    }

    /// Whether the command line has an option that this one would take the place of.
    private func isOverruled(_ key: OptionKey) -> Bool {
        switch key {
        case .smtpHost: has(.sendmail)
        case .sendmail: has(.smtpHost)
        case .passwordFile: has(.password)
        default: false
        }
    }

    /// The values in a variable; for a switch one without a text, or none.
    private static func values(
        _ text: String, of option: OptionSpecification, name: String
    ) throws(UsageError) -> [String?] {
        guard option.placeholder != nil else {
            switch text.lowercased() {
            case "1", "true", "yes", "on": return [nil]
            case "0", "false", "no", "off": return []
            default: throw .invalidValue(name, wanted: "1 or 0", got: text)
            }
        }
        guard option.occurrence == .repeatable else { return [text] }
        // A header field has blanks in it, an address has not.
        let parts = text.split {
            option.key == .webhookHeader ? $0.isNewline : $0.isWhitespace
        }
        return parts.map { String($0) }
    }
}
