// Reads options of which the last value counts.

extension ParsedArguments {
    /// The value that was given last, after all of them have been read: a mistake in one that does
    /// not count is a mistake, too.
    ///
    /// - Parameters:
    ///   - key: Which option.
    ///   - read: Reads a value.
    /// - Returns: What the last one means; nil when the option was not given.
    /// - Throws: `UsageError` for the first value that cannot be read.
    func last<Value>(
        _ key: OptionKey, _ read: (OptionValue) throws(UsageError) -> Value
    ) throws(UsageError) -> Value? {
        var last: Value?
        for value in values(key) { last = try read(value) }
        return last
    }
}
