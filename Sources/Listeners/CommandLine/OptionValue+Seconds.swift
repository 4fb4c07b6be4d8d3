// Reads spans of time from the command line.

extension OptionValue {
    /// The value as a span of time: whole seconds, or with `s`, `m`, `h` or `d` in any case.
    ///
    /// - Returns: The seconds, at least 0.
    /// - Throws: `UsageError` for anything else.
    public func seconds() throws(UsageError) -> Int {
        let multiples = [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
        guard let seconds = SuffixedNumber.parse(trimmed, multiples: multiples) else {
            throw error(wanting: "a number of seconds or with s, m, h or d, such as 30m")
        }
        return seconds
    }
}
