internal import System

/// An amount of memory, in bytes or as a percentage of the total memory.
public enum MemorySize: Sendable, Hashable {
    /// A number of bytes.
    case bytes(Int)
    /// A percentage of the total memory.
    case percent(Int)

    /// Parses a size: a number of bytes, such as `200MB`, or a percentage from 1 to 100, `80%` or
    /// `80pct`.
    ///
    /// supervisord expands `%` in `command=`, so that `80%` has to be written `80%%` there.
    ///
    /// - Parameter text: The size. Returns nil for anything else.
    init?(_ text: Substring) {
        if let bytes = Self.byteCount(text) {
            self = .bytes(bytes)
        } else if let part = Self.percentage(text, in: 1...100) {
            self = .percent(part)
        } else {
            return nil
        }
    }

    /// Parses a whole number of bytes, or with `KB`, `MB`, `GB` or `TB` in any case, which are powers
    /// of 1024; `M` and `MiB` are the same as `MB`.
    ///
    /// Source: Supervisor manual, configuration file, type `byte_size`.
    ///
    /// - Parameter text: The size.
    /// - Returns: The number; nil for anything else, including signs and fractions.
    private static func byteCount(_ text: Substring) -> Int? {
        // Longest suffix first, since `mib` also ends with `b`.
        let multiples = ["ib", "b", ""].flatMap { end in
            [
                ("k\(end)", 1 << 10), ("m\(end)", 1 << 20), ("g\(end)", 1 << 30),
                ("t\(end)", 1 << 40),
            ]
        }
        return SuffixedNumber.parse(text, multiples: multiples)
    }

    /// Parses a percentage, a number followed by `%` or `pct`; returns nil for anything else.
    static func percentage(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        let lower = text.lowercased()
        guard lower.hasSuffix("%") || lower.hasSuffix("pct"),
            let number = SuffixedNumber.parse(text, multiples: [("pct", 1), ("%", 1)]),
            range.contains(number)
        else { return nil }
        return number
    }

    /// The amount in bytes.
    ///
    /// - Parameter total: The total memory in bytes.
    /// - Returns: The amount.
    func bytes(of total: Int) -> Int {
        switch self {
        case .bytes(let bytes): bytes
        case .percent(let part): part.part(of: total)
        }
    }

    /// Whether it depends on the total memory.
    var isRelative: Bool {
        if case .percent = self { true } else { false }
    }
}

extension Int {
    /// Returns a percentage of a number.
    func part(of whole: Int) -> Int {
        // In two steps, since the product may be too large.
        whole / 100 * self + whole % 100 * self / 100
    }
}
