/// A shell pattern over bytes: `*`, `?` and `[...]` (POSIX.1-2017, Shell Command Language, section
/// 2.13.1).
///
/// There are no classes such as `[:alpha:]` and no escapes; a `[` that is not closed is a plain
/// character. The worst-case time is proportional to the product of both lengths, because it never
/// backtracks beyond the last `*`.
struct Glob: Hashable, Sendable {
    private enum Element: Hashable {
        /// This byte.
        case byte(UInt8)
        /// Any byte.
        case any
        /// Any number of bytes.
        case run
        /// One of these bytes, or any other byte.
        case set([ClosedRange<UInt8>], isNegated: Bool)
    }

    private let elements: [Element]

    /// Whether the pattern has no special characters, so that it matches only its own text.
    let isLiteral: Bool

    /// Parses a pattern; every text is valid.
    init(_ text: String) {
        var rest = Array(text.utf8)[...]
        var elements: [Element] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if elements.last != .run { elements.append(.run) }
            case UInt8(ascii: "?"): elements.append(.any)
            case UInt8(ascii: "["): elements.append(Self.set(&rest) ?? .byte(byte))
            default: elements.append(.byte(byte))
            }
        }
        self.elements = elements
        isLiteral = elements.allSatisfy { if case .byte = $0 { true } else { false } }
    }

    /// Parses the text after a `[`; nil if it is not closed, and then nothing is consumed.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Element? {
        var bytes = rest
        let isNegated = [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(bytes.first)
        if isNegated { bytes.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        var isFirst = true
        while let byte = bytes.popFirst() {
            // Directly after the opening bracket, a `]` is a member.
            if byte == UInt8(ascii: "]") && !isFirst {
                rest = bytes
                return .set(ranges, isNegated: isNegated)
            }
            isFirst = false
            let end = bytes.dropFirst().first
            if bytes.first == UInt8(ascii: "-"), let end, end != UInt8(ascii: "]") {
                bytes = bytes.dropFirst(2)
                if byte <= end { ranges.append(byte...end) }
            } else {
                ranges.append(byte...byte)
            }
        }
        return nil
    }

    /// Whether the pattern matches a whole text.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            unsafe Self.matches(elements, bytes)
        }
    }

    private static func matches(_ elements: [Element], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var element = 0
        var place = 0
        // The last `*` and its current extent: only it can need to be extended.
        var retry: (element: Int, place: Int)?
        while place < text.count {
            if element < elements.count, elements[element] == .run {
                element += 1
                retry = (element, place)
            } else if element < elements.count, unsafe accepts(elements[element], text[place]) {
                element += 1
                place += 1
            } else if let last = retry {
                element = last.element
                place = last.place + 1
                retry = (element, place)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .run }
    }

    private static func accepts(_ element: Element, _ byte: UInt8) -> Bool {
        switch element {
        case .byte(let own): own == byte
        case .any: true
        case .run: false
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }
}
