// An amount of memory, written as supervisor's byte sizes are.

/// An amount of memory.
public struct ByteSize: Sendable, Hashable, Comparable {
    /// The number of bytes, at least 0.
    public let bytes: Int

    /// Reads a size: a whole number of bytes, or with `KB`, `MB` or `GB` in any case, which are
    /// powers of 1024.
    ///
    /// Supervisor manual, configuration file, the type `byte_size`.
    ///
    /// - Parameter text: The size; nil comes of anything else, of signs and fractions too.
    public init?(_ text: some StringProtocol) {
        let multiples = [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30)]
        guard let bytes = SuffixedNumber.parse(Substring(text), multiples: multiples) else {
            return nil
        }
        self.bytes = bytes
    }

    /// Whether one size is less than another.
    ///
    /// - Parameters:
    ///   - left: One size.
    ///   - right: Another.
    /// - Returns: Whether the first is less.
    public static func < (left: ByteSize, right: ByteSize) -> Bool {
        left.bytes < right.bytes
    }
}
