// Parses a command line with getopt_long's rules, which are those of superlance.

import CLinux
internal import Text

extension OptionTable {
    /// Parses a command line.
    ///
    /// Supports clustered flags, joined values, `--long value`, `--long=value`, unambiguous
    /// prefixes of long names, and values that begin with a hyphen. Options may follow operands;
    /// `--` ends the options. The corresponding C function is `getopt_long`.
    ///
    /// - Parameter arguments: The words after the program's name.
    /// - Returns: The options and operands in order.
    /// - Throws: `UsageError` for the first invalid word.
    public func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
        let words = OptionWords([programName] + arguments)
        let names = longNames
        let nameWords = OptionWords(names.map(\.name))
        let longOptions = zip(names, nameWords.starts).map { name, start in
            clinux_long_option(
                name: Int32(start), takes_value: options[name.index].placeholder == nil ? 0 : 1,
                code: Self.firstCode + Int32(name.index))
        }
        var found = [clinux_found_option](
            repeating: clinux_found_option(), count: words.bytes.count)
        var operands = [Int32](repeating: 0, count: words.starts.count)
        var operandCount: Int32 = 0
        let count = unsafe clinux_parse_options(
            words.bytes, Int32(words.starts.count), letters, nameWords.bytes, longOptions,
            Int32(longOptions.count), &found, &operands, &operandCount)
        guard count >= 0 else { throw UsageError(.noMemory, "no memory for the command line") }
        var occurrences: [OptionOccurrence] = []
        for finding in found.prefix(Int(count)) {
            occurrences.append(try occurrence(finding, in: words))
        }
        let places = operands.prefix(Int(operandCount)).map(Int.init)
        let parsed = ParsedArguments(
            occurrences: occurrences, operands: places.map(words.text),
            operandWords: places.compactMap { words.location(of: $0)?.word })
        try checkDashes(parsed, of: arguments)
        return parsed
    }

    /// The first code of long options; smaller codes are letters.
    private static var firstCode: Int32 { 256 }

    /// The option string for getopt: a leading colon, to distinguish a missing value from an
    /// unknown option, and a colon after each letter that takes a value.
    private var letters: String {
        options.reduce(into: ":") { letters, option in
            guard let letter = option.letter else { return }
            letters += option.placeholder == nil ? "\(letter)" : "\(letter):"
        }
    }

    private func option(withCode code: Int32) -> (option: OptionSpecification, name: String)? {
        if code >= Self.firstCode {
            let index = Int(code - Self.firstCode)
            guard options.indices.contains(index) else { return nil }
            return (options[index], "--\(options[index].longName)")
        }
        guard let byte = UInt8(exactly: code) else { return nil }
        let letter = Character(UnicodeScalar(byte))
        return options.first { $0.letter == letter }.map { ($0, "-\(letter)") }
    }

    private func occurrence(
        _ finding: clinux_found_option, in words: OptionWords
    ) throws(UsageError) -> OptionOccurrence {
        switch UInt8(exactly: finding.code) {
        case UInt8(ascii: "?"): throw misunderstood(finding, in: words)
        case UInt8(ascii: ":"): throw withoutValue(finding, in: words)
        default: break
        }
        guard let (option, name) = option(withCode: finding.code) else {
            throw misunderstood(finding, in: words)
        }
        var value: String?
        var location: OptionOccurrence.Location?
        if finding.value >= 0 {
            value = words.text(at: Int(finding.value))
            location = words.location(of: Int(finding.value))
        }
        if let value {
            try checkValue(value, of: option, name: name)
            // With a long name, getopt removes the "=".
            let isAttached = location.map { $0.offset > 0 } ?? false
            try checkDelimiters(of: value, isAttached: isAttached, of: option, name: name)
        }
        return OptionOccurrence(key: option.key, name: name, text: value, location: location)
    }

    private func withoutValue(_ finding: clinux_found_option, in words: OptionWords) -> UsageError {
        guard let (option, name) = option(withCode: finding.detail) else {
            return misunderstood(finding, in: words)
        }
        return .missingValue(name, placeholder: option.placeholder ?? "value")
    }

    /// Placeholders for values that may look like an option.
    private static let freeTexts: Set = ["PASSWORD", "TEXT", "REGEX", "CONDITION", "PREFIX"]

    private func misunderstood(
        _ finding: clinux_found_option, in words: OptionWords
    ) -> UsageError {
        if finding.detail >= Self.firstCode, let (_, name) = option(withCode: finding.detail) {
            return .unexpectedValue(name)
        }
        let word = finding.word >= 0 ? words.text(at: Int(finding.word)) : ""
        if finding.detail != 0 {
            // For a letter beyond ASCII, getopt reports only its first byte. What follows the
            // letter may be a password, so it is not shown.
            let isASCII = (1...0x7F).contains(finding.detail)
            let letter = word.unicodeScalars.first {
                isASCII ? $0.value == finding.detail : !$0.isASCII
            }
            return .unknownOption(
                letter.map { "-\($0)" } ?? word,
                nearest: letter.flatMap { nearest(toLetter: Character($0)) })
        }
        // What follows the "=" may be a password. Scalars, so that a combining character cannot
        // hide the sign.
        let typed = String(word.unicodeScalars.prefix { $0 != "=" })
        let candidates = candidates(for: String(typed.unicodeScalars.dropFirst(2)))
        return candidates.count > 1
            ? .ambiguousOption(typed, candidates: candidates.map { "--\($0)" })
            : .unknownOption(typed, nearest: nearest(to: typed))
    }

    private func longNames(of options: [OptionSpecification]) -> [String] {
        options.flatMap { [$0.longName] + $0.aliases }
    }

    /// Rejects an option in place of a missing value, such as `-m --tls` or `-m -p`.
    ///
    /// superlance accepts any word as a value. Unless the value is a free text, a word that is
    /// exactly an option shows that the value is missing.
    private func checkValue(
        _ value: String, of option: OptionSpecification, name: String
    ) throws(UsageError) {
        guard let placeholder = option.placeholder,
            !Self.freeTexts.contains(placeholder)
        else { return }
        if options.contains(where: { $0.letter.map { value.isExactly("-\($0)") } ?? false }) {
            throw .optionAsValue(name, value: value)
        }
        guard value.utf8.starts(with: "--".utf8) else { return }
        let word = value.prefix { $0 != "=" }.dropFirst(2)
        guard longNames(of: options).contains(String(word)) else { return }
        throw .optionAsValue(name, value: "--\(word)")
    }

    /// Rejects a value with quotes that are not the shell's, such as `-m \u{201C}ops@example.org\u{201D}`
    /// of a text processor, and one with the `=` of a long option, such as `-m=ops@example.org`.
    ///
    /// superlance takes them for a part of the value, which then names nothing that exists.
    private func checkDelimiters(
        of value: String, isAttached: Bool, of option: OptionSpecification, name: String
    ) throws(UsageError) {
        guard let placeholder = option.placeholder, option.key != .name,
            !Self.freeTexts.contains(placeholder), placeholder != "FORMAT"
        else { return }
        let ends = [value.unicodeScalars.first, value.unicodeScalars.last].compactMap { $0 }
        if let quote = ends.first(where: \.isTypographicQuote) {
            throw .typographicQuote(name, quote)
        }
        guard isAttached, !name.hasPrefix("--"), value.utf8.first == UInt8(ascii: "=") else {
            return
        }
        throw .equalsSign(name)
    }
}
