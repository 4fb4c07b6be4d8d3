internal import ListenerProtocol
internal import Text

/// A text with placeholders for a process: `{num}`, `{num:02}`, `{8000+num}`, `{name}` and
/// `{group}`.
struct TemplateText: Hashable {
    private enum Piece: Hashable {
        case literal(String)
        /// The digits at the end of the name, plus an offset, with a minimum number of digits.
        case number(offset: Int, width: Int)
        case name
        case group
    }

    private var pieces: [Piece] = []

    /// The text as written.
    let description: String

    /// The placeholders, for errors.
    static let forms = "{num}, {num:02}, {8000+num}, {name} or {group}"

    /// Parses a text.
    ///
    /// - Parameters:
    ///   - value: The text.
    ///   - keepsUnknown: Whether unknown placeholders are kept as they are.
    /// - Throws: `UsageError` for unknown placeholders, unless they are kept.
    init(_ value: OptionValue, keepsUnknown: Bool) throws(UsageError) {
        description = value.text
        var rest = value.text[...]
        while let open = rest.firstRange(ofText: "{") {
            guard let close = rest[open.upperBound...].firstRange(ofText: "}") else {
                guard keepsUnknown else {
                    throw UsageError("\(value.name): '{' without '}', use \(Self.forms)")
                }
                break
            }
            let content = rest[open.upperBound..<close.lowerBound]
            if let piece = Self.piece(content) {
                pieces += [.literal(String(rest[..<open.lowerBound])), piece]
                rest = rest[close.upperBound...]
            } else if keepsUnknown {
                pieces.append(.literal(String(rest[..<open.upperBound])))
                rest = rest[open.upperBound...]
            } else {
                throw UsageError(
                    "\(value.name): {\(content)} is not a placeholder, use \(Self.forms)")
            }
        }
        pieces.append(.literal(String(rest)))
    }

    /// Whether the text differs between processes.
    var isPerProcess: Bool {
        pieces.contains { if case .literal = $0 { false } else { true } }
    }

    /// Returns the text for a process.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - encode: Encodes the names for the text.
    /// - Returns: The text; nil if it requires a number and the process has none.
    func text(for process: ProcessName, encode: (String) -> String = { $0 }) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let part): text += part
            case .name: text += encode(process.name)
            case .group: text += encode(process.group)
            case .number(let offset, let width):
                guard let number = Self.number(of: process) else { return nil }
                let digits = String(number + offset)
                text += String(repeating: "0", count: max(0, width - digits.count)) + digits
            }
        }
        return text
    }

    /// The digits at the end of a process's name, at most nine.
    static func number(of process: ProcessName) -> Int? {
        let digits = process.name.utf8.reversed().prefix { isDigit($0) }
        guard (1...9).contains(digits.count) else { return nil }
        return Int(String(decoding: digits.reversed(), as: UTF8.self))
    }

    // MARK: Reading

    /// Parses a placeholder; nil if it is unknown.
    private static func piece(_ content: Substring) -> Piece? {
        if content == "name" { return .name }
        if content == "group" { return .group }
        let parts = content.split(separator: ":", omittingEmptySubsequences: false)
        guard let sum = parts.first, parts.count <= 2, let offset = offset(sum) else { return nil }
        guard parts.count == 2 else { return .number(offset: offset, width: 0) }
        guard let width = digits(parts[1]), (1...20).contains(width) else { return nil }
        return .number(offset: offset, width: width)
    }

    /// Parses `num`, `8000+num`, `num+8000` or `num-1`, and returns the offset.
    private static func offset(_ sum: Substring) -> Int? {
        if sum == "num" { return 0 }
        if sum.hasSuffix("+num") { return digits(sum.dropLast(4)) }
        if sum.hasPrefix("num+") { return digits(sum.dropFirst(4)) }
        if sum.hasPrefix("num-") { return digits(sum.dropFirst(4)).map { -$0 } }
        return nil
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit
    }
}
