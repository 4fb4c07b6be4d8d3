// Overwrites secrets where ps reads the command line.

extension ParsedArguments {
    /// Overwrites the values of options in this process's own command line.
    ///
    /// `ps` and `/proc/PID/cmdline` show that memory to every user of the host. Until this is
    /// called they have shown the value, so that a file is the better place for a secret.
    ///
    /// - Parameter keys: Which options; every value given to one is overwritten.
    public func hideValues(of keys: Set<OptionKey>) {
        unsafe hideValues(
            of: keys, in: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    }

    /// Overwrites the values of options with as many `x` in a command line's memory.
    ///
    /// - Parameters:
    ///   - keys: Which options.
    ///   - words: The words this was parsed from, the program's name first.
    ///   - count: The number of words.
    @unsafe func hideValues(
        of keys: Set<OptionKey>, in words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
        count: Int
    ) {
        for occurrence in occurrences where keys.contains(occurrence.key) {
            guard let location = occurrence.location, location.word < count,
                let word = unsafe words[location.word]
            else { continue }
            // All before the value is ASCII, or it had been no option: the offset holds even
            // where Swift had to repair the value's own bytes.
            var index = 0
            while unsafe word[index] != 0 {
                if index >= location.offset { unsafe word[index] = CChar(UInt8(ascii: "x")) }
                index += 1
            }
        }
    }
}
