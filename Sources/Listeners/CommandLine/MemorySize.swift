internal import System

/// An amount of memory, in bytes or as a percentage of the total memory.
public enum MemorySize: Sendable, Hashable {
    /// A number of bytes.
    case bytes(Int)
    /// A percentage of the total memory.
    case percent(Int)

    /// Reads a size: what ``ByteSize`` reads, or `80%` or `80pct`, from 1 to 100.
    ///
    /// supervisord expands `%` in `command=`, so that `80%` has to be written `80%%` there.
    ///
    /// - Parameter text: The size. Returns nil for anything else.
    init?(_ text: Substring) {
        if let size = ByteSize(text) {
            self = .bytes(size.bytes)
        } else if let part = Self.percentage(text, in: 1...100) {
            self = .percent(part)
        } else {
            return nil
        }
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
