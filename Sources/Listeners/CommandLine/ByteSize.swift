// An amount of memory, written as supervisor's byte sizes are.

/// An amount of memory.
public struct ByteSize: Sendable, Hashable, Comparable {
    /// The number of bytes, at least 0.
    public let bytes: Int

    /// Reads a size: a whole number of bytes, or with `KB`, `MB`, `GB` or `TB` in any case, which are
    /// powers of 1024; `M` and `MiB` mean the same as `MB`.
    ///
    /// Supervisor manual, configuration file, the type `byte_size`.
    ///
    /// - Parameter text: The size; nil comes of anything else, of signs and fractions too.
    public init?(_ text: some StringProtocol) {
        // The longest first: `mib` ends like `b`.
        let multiples = ["ib", "b", ""].flatMap { end in
            [
                ("k\(end)", 1 << 10), ("m\(end)", 1 << 20), ("g\(end)", 1 << 30),
                ("t\(end)", 1 << 40),
            ]
        }
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
