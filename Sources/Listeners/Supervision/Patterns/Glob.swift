/// A shell pattern: `*`, `?` and `[...]` (POSIX.1-2017, Shell Command Language, section 2.13.1).
///
/// It compares Unicode scalars, not Swift's characters: `?` matches `é` in one scalar, but a letter
/// and a combining accent are two. Bytes that are not UTF-8 have become U+FFFD in names and patterns
/// alike.
///
/// There are no classes such as `[:alpha:]` and no escapes; a `[` that is not closed is a plain
/// character. The worst-case time is proportional to the product of both lengths, because it never
/// backtracks beyond the last `*`.
struct Glob: Hashable, Sendable {
    private enum Element: Hashable {
        /// This scalar.
        case scalar(Unicode.Scalar)
        /// Any scalar.
        case any
        /// Any number of scalars.
        case run
        /// One of these scalars, or any other scalar.
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let elements: [Element]

    /// Whether the pattern has no special characters, so that it matches only its own text.
    let isLiteral: Bool

    /// Parses a pattern; every text is valid.
    init(_ text: String) {
        var rest = text.unicodeScalars[...]
        var elements: [Element] = []
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*":
                if elements.last != .run { elements.append(.run) }
            case "?": elements.append(.any)
            case "[": elements.append(Self.set(&rest) ?? .scalar(scalar))
            default: elements.append(.scalar(scalar))
            }
        }
        self.elements = elements
        isLiteral = elements.allSatisfy { if case .scalar = $0 { true } else { false } }
    }

    /// Parses the text after a `[`; nil if it is not closed, and then nothing is consumed.
    private static func set(_ rest: inout Substring.UnicodeScalarView) -> Element? {
        var scalars = rest
        let isNegated = scalars.first == "!" || scalars.first == "^"
        if isNegated { scalars.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        var isFirst = true
        while let scalar = scalars.popFirst() {
            // Directly after the opening bracket, a `]` is a member.
            if scalar == "]" && !isFirst {
                rest = scalars
                return .set(ranges, isNegated: isNegated)
            }
            isFirst = false
            let end = scalars.dropFirst().first
            if scalars.first == "-", let end, end != "]" {
                scalars = scalars.dropFirst(2)
                if scalar <= end { ranges.append(scalar...end) }
            } else {
                ranges.append(scalar...scalar)
            }
        }
        return nil
    }

    /// Whether the pattern matches a whole text.
    func matches(_ text: String) -> Bool {
        let text = text.unicodeScalars
        var element = 0
        var place = text.startIndex
        // The last `*` and its current extent: only it can need to be extended.
        var retry: (element: Int, place: String.Index)?
        while place < text.endIndex {
            if element < elements.count, elements[element] == .run {
                element += 1
                retry = (element, place)
            } else if element < elements.count, accepts(elements[element], text[place]) {
                element += 1
                place = text.index(after: place)
            } else if let last = retry {
                element = last.element
                place = text.index(after: last.place)
                retry = (element, place)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .run }
    }

    private func accepts(_ element: Element, _ scalar: Unicode.Scalar) -> Bool {
        switch element {
        case .scalar(let own): own == scalar
        case .any: true
        case .run: false
        case .set(let ranges, let isNegated):
            ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
