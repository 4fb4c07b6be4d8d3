// Parses amounts of memory.

extension OptionValue {
    /// Parses an amount of memory, such as `200MB`, `1gb` or `10000`.
    ///
    /// - Returns: The size.
    /// - Throws: `UsageError` for anything else.
    public func byteSize() throws(UsageError) -> ByteSize {
        guard let size = ByteSize(trimmed) else {
            throw error(wanting: "a size in bytes or with K, M or G, such as 200MB")
        }
        return size
    }

    /// Parses a memory limit for a process or group, such as `group:name=200MB`.
    ///
    /// - Returns: The name, which is not empty, and the size.
    /// - Throws: `UsageError` unless there is exactly one `=`, a name and a size.
    public func namedByteSize() throws(UsageError) -> NamedByteSize {
        let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            .map(Substring.init)
        guard parts.count == 2, !parts[0].allSatisfy({ $0 == " " }) else {
            throw error(wanting: "name=size, such as cat=200MB")
        }
        let sizeValue = OptionValue(name: name, text: String(parts[1]))
        guard let size = ByteSize(sizeValue.trimmed) else {
            throw error(
                wanting: "name=size with a size in bytes or with K, M or G, such as cat=200MB")
        }
        return NamedByteSize(name: String(parts[0]), size: size)
    }
}
