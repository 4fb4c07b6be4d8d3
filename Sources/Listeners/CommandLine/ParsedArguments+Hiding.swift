// Overwrites secrets where ps reads the command line.

internal import Glibc

extension ParsedArguments {
    /// Overwrites the values of options, and the logins of URLs among the operands, in this
    /// process's own command line.
    ///
    /// `ps` and `/proc/PID/cmdline` show that memory to every user of the host. Until this is
    /// called they have shown the value, so that a file is the better place for a secret.
    ///
    /// - Parameter keys: Which options; every value given to one is overwritten.
    public func hideValues(of keys: Set<OptionKey>) {
        unsafe hideValues(
            of: keys, in: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    }

    /// Overwrites the values of options, and the logins of URLs among the operands, with as many
    /// `x` in a command line's memory.
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
            unsafe Self.hide(location.offset..., of: word)
        }
        for index in operandWords where index < count {
            guard let word = unsafe words[index] else { continue }
            let bytes = unsafe Array(UnsafeBufferPointer(start: word, count: strlen(word)))
            let login = Self.login(in: bytes.map(UInt8.init(bitPattern:)))
            if let login { unsafe Self.hide(login, of: word) }
        }
    }

    /// Overwrites a part of a word with as many `x`.
    @unsafe private static func hide(
        _ range: some RangeExpression<Int>, of word: UnsafeMutablePointer<CChar>
    ) {
        var index = 0
        while unsafe word[index] != 0 {
            if range.contains(index) { unsafe word[index] = CChar(UInt8(ascii: "x")) }
            index += 1
        }
    }

    /// Where a URL's login stands in a word: between `://` and the last `@` before a space.
    ///
    /// Whether the URL makes sense does not matter: what is refused has been seen, too.
    private static func login(in word: [UInt8]) -> Range<Int>? {
        let mark = Array("://".utf8)
        guard let slashes = word.indices.first(where: { word[$0...].starts(with: mark) }) else {
            return nil
        }
        let start = slashes + mark.count
        let end = word[start...].lastIndex(of: UInt8(ascii: "@"))
        return end.map { start..<$0 }
    }
}
