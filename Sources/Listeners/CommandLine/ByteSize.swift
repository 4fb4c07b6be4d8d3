/// An amount of memory, in the notation of supervisor's byte sizes.
public struct ByteSize: Sendable, Hashable, Comparable {
    /// The number of bytes, at least 0.
    public let bytes: Int

    /// Parses a size: a whole number of bytes, or with `KB`, `MB`, `GB` or `TB` in any case, which
    /// are powers of 1024; `M` and `MiB` are the same as `MB`.
    ///
    /// Source: Supervisor manual, configuration file, type `byte_size`.
    ///
    /// - Parameter text: The size. Returns nil for anything else, including signs and fractions.
    public init?(_ text: some StringProtocol) {
        // Longest suffix first, since `mib` also ends with `b`.
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

    /// Compares two sizes.
    ///
    /// - Parameters:
    ///   - left: One size.
    ///   - right: Another.
    /// - Returns: Whether the first is less.
    public static func < (left: ByteSize, right: ByteSize) -> Bool {
        left.bytes < right.bytes
    }
}
