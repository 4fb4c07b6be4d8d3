/// A parsed command line: the options and operands in order.
public struct ParsedArguments: Sendable, Hashable {
    /// All options as given, in order.
    public let occurrences: [OptionOccurrence]

    /// The operands, in order.
    public let operands: [String]

    /// The index of each operand on the command line; the program's name is word 0.
    let operandWords: [Int]

    init(occurrences: [OptionOccurrence], operands: [String], operandWords: [Int] = []) {
        self.occurrences = occurrences
        self.operands = operands
        self.operandWords = operandWords
    }

    /// Returns whether an option was given.
    ///
    /// - Parameter key: The option.
    /// - Returns: Whether it was given at least once.
    public func has(_ key: OptionKey) -> Bool {
        occurrences.contains { $0.key == key }
    }

    /// Returns the last value of an option, which is the one that counts.
    ///
    /// - Parameter key: The option.
    /// - Returns: The value, or nil when the option was not given.
    public func value(_ key: OptionKey) -> OptionValue? {
        values(key).last
    }

    /// Returns all values of an option that may be repeated.
    ///
    /// - Parameter key: The option.
    /// - Returns: The values in order.
    public func values(_ key: OptionKey) -> [OptionValue] {
        occurrences.compactMap { occurrence in
            guard occurrence.key == key, let text = occurrence.text else { return nil }
            return OptionValue(name: occurrence.name, text: text)
        }
    }
}
