// A command line that was understood.

/// A command line that was understood: the options and operands in order.
public struct ParsedArguments: Sendable, Hashable {
    /// Every option as it was given, in order.
    public let occurrences: [OptionOccurrence]

    /// The words that are no options, in order.
    public let operands: [String]

    /// Which words of the command line the operands are, the program's name being word 0.
    let operandWords: [Int]

    init(occurrences: [OptionOccurrence], operands: [String], operandWords: [Int] = []) {
        self.occurrences = occurrences
        self.operands = operands
        self.operandWords = operandWords
    }

    /// Whether an option was given.
    ///
    /// - Parameter key: Which option.
    /// - Returns: Whether it was given at least once.
    public func has(_ key: OptionKey) -> Bool {
        occurrences.contains { $0.key == key }
    }

    /// The value that was given last, which is the one that counts.
    ///
    /// - Parameter key: Which option.
    /// - Returns: The value, or nil when the option was not given.
    public func value(_ key: OptionKey) -> OptionValue? {
        values(key).last
    }

    /// All values, for an option that may be given several times.
    ///
    /// - Parameter key: Which option.
    /// - Returns: The values in order.
    public func values(_ key: OptionKey) -> [OptionValue] {
        occurrences.compactMap { occurrence in
            guard occurrence.key == key, let text = occurrence.text else { return nil }
            return OptionValue(name: occurrence.name, text: text)
        }
    }
}
