// Overwrites secrets on the command line that ps shows.

internal import Glibc
internal import System

extension ParsedArguments {
    /// Overwrites option values, and the credentials in URLs among the operands, in this process's
    /// command line.
    ///
    /// `ps` and `/proc/PID/cmdline` show that memory to every user of the host. The values are
    /// visible until this is called, so a file is a better place for a secret.
    ///
    /// - Parameter keys: The options; every value of each is overwritten.
    public func hideValues(of keys: Set<OptionKey>) {
        let (words, count) = unsafe OwnArguments.pointers
        if let words = unsafe words { unsafe hideValues(of: keys, in: words, count: count) }
    }

    /// Overwrites option values, and the credentials in URLs among the operands, with as many `x`.
    ///
    /// - Parameters:
    ///   - keys: The options.
    ///   - words: The words that were parsed, beginning with the program's name.
    ///   - count: The number of words.
    @unsafe func hideValues(
        of keys: Set<OptionKey>, in words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
        count: Int
    ) {
        for occurrence in occurrences where keys.contains(occurrence.key) {
            guard let location = occurrence.location, location.word < count,
                let word = unsafe words[location.word]
            else { continue }
            // Everything before the value is ASCII, otherwise it would not be an option. So the
            // offset is valid even where Swift replaced invalid UTF-8 in the value.
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

    /// The range of the credentials in a URL: between `://` and the last `@` before a space.
    ///
    /// It need not be a valid URL: a rejected one has been visible too.
    static func login(in word: [UInt8]) -> Range<Int>? {
        let mark = Array("://".utf8)
        guard let slashes = word.indices.first(where: { word[$0...].starts(with: mark) }) else {
            return nil
        }
        let start = slashes + mark.count
        let end = word[start...].lastIndex(of: UInt8(ascii: "@"))
        return end.map { start..<$0 }
    }
}
