// Reads amounts of memory from the command line.

extension OptionValue {
    /// The value as an amount of memory, such as `200MB`, `1gb`, `10000` or `80pct`.
    ///
    /// - Returns: The size.
    /// - Throws: `UsageError` for anything else.
    public func memorySize() throws(UsageError) -> MemorySize {
        guard let size = MemorySize(trimmed) else {
            throw error(
                requiring: "a size in bytes, with K, M or G, or in percent, such as 200MB or 80pct")
        }
        return size
    }

    /// The value as the name of a process or group and the amount of memory it may use, such as
    /// `group:name=200MB`.
    ///
    /// - Returns: The name, which is not empty, and the size.
    /// - Throws: `UsageError` when there is not exactly one `=`, no name, or no size.
    public func namedMemorySize() throws(UsageError) -> NamedMemorySize {
        let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            .map(Substring.init)
        guard parts.count == 2, !parts[0].allSatisfy({ $0 == " " }) else {
            throw error(requiring: "name=size, such as cat=200MB")
        }
        let sizeValue = OptionValue(name: name, text: String(parts[1]))
        guard let size = MemorySize(sizeValue.trimmed) else {
            throw error(
                requiring: "name=size with a size in bytes, with K, M or G, or in percent, "
                    + "such as cat=200MB")
        }
        return NamedMemorySize(name: String(parts[0]), size: size)
    }

    /// The value as a part of something, such as `80%`.
    ///
    /// - Returns: The percentage, from 1 to 99.
    /// - Throws: `UsageError` for anything else.
    func percentage() throws(UsageError) -> Int {
        guard let part = MemorySize.percentage(trimmed, in: 1...99) else {
            throw error(requiring: "a percentage from 1 to 99, such as 80pct")
        }
        return part
    }
}
