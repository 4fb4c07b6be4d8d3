import Foundation

/// A string literal in Swift or C, with gaps for interpolations.
///
/// Literals joined by `+` are one literal; other operands of `+` are gaps.
package struct StringLiteral: CustomStringConvertible {
    /// The texts before, between and after the gaps.
    package private(set) var fragments: [String]
    /// The path of the file relative to the package, and the first line.
    package let file: String
    package let line: Int
    /// The argument label before it, such as `help`.
    package let label: String?

    /// The position, and the text with `…` for gaps.
    package var description: String { "\(file):\(line): \(fragments.joined(separator: "…"))" }

    /// All literals in a directory of the package.
    package static func all(below folder: String) throws -> [StringLiteral] {
        let names = FileManager.default.enumerator(atPath: "\(Document.root)/\(folder)")
        let files = names.map { $0.compactMap { $0 as? String } } ?? []
        return try files.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }.sorted()
            .flatMap { try all(in: Document("\(folder)/\($0)")) }
    }

    /// All literals of a source file.
    package static func all(in source: Document) -> [StringLiteral] {
        var reader = LiteralReader(source)
        reader.readCode()
        return reader.found
    }

    fileprivate init(_ fragments: [String], in file: String, line: Int, label: String?) {
        self.fragments = fragments
        self.file = file
        self.line = line
        self.label = label
    }

    fileprivate mutating func join(_ more: [String]) {
        fragments = fragments.dropLast() + [(fragments.last ?? "") + more[0]] + more.dropFirst()
    }
}

/// Scans a source file like a compiler's lexer, as far as literals are concerned.
private struct LiteralReader {
    private let file: String
    private let text: [Character]
    private let isC: Bool
    private var index = 0
    var found: [StringLiteral] = []

    init(_ source: Document) {
        file = source.name
        text = Array(source.text)
        isC = source.name.hasSuffix(".c")
    }

    /// Scans to the end, or to the parenthesis that closes an interpolation.
    mutating func readCode(inInterpolation: Bool = false) {
        var depth = 0
        while index < text.count {
            switch text[index] {
            case "/" where at("//"): skip(past: "\n")
            case "/" where at("/*"): skip(past: "*/")
            case "/" where isRegex: skipRegex()
            case "'" where isC: index += at("'\\") ? 4 : 3
            case "\"": readLiteral()
            case "#" where isRawQuote: readLiteral()
            case "(":
                depth += 1
                index += 1
            case ")":
                index += 1
                if inInterpolation && depth == 0 { return }
                depth -= 1
            default: index += 1
            }
        }
    }

    private mutating func readLiteral() {
        let begin = index
        let label = label(before: begin)
        let isJoined = endsInPlus(before: begin)
        let place = found.count
        var fragments = quoted()
        if isJoined { fragments = [""] + fragments }
        let line = 1 + text[..<begin].count { $0.isNewline }
        // Literals within interpolations have been added meanwhile; this one precedes them.
        var literal = StringLiteral(fragments, in: file, line: line, label: label)
        while let next = joined() {
            index = next
            guard text[index] == "\"" || isRawQuote else {
                literal.join(["", ""])
                break
            }
            literal.join(quoted())
        }
        found.insert(literal, at: place)
    }

    /// The start of a literal that follows the previous one after a `+`.
    private func joined() -> Int? {
        let next = skippingBlanks(from: index)
        guard next < text.count else { return nil }
        if isC { return text[next] == "\"" ? next : nil }
        guard text[next] == "+" else { return nil }
        return skippingBlanks(from: next + 1)
    }

    // MARK: Inside literals

    private mutating func quoted() -> [String] {
        var hashes = ""
        while text[index] == "#" {
            hashes += "#"
            index += 1
        }
        let isMultiline = at("\"\"\"")
        let quote = (isMultiline ? "\"\"\"" : "\"") + hashes
        index += isMultiline ? 3 : 1
        var fragments = [""]
        while !at(quote) {
            if at("\\" + hashes) {
                index += 1 + hashes.count
                escape(&fragments)
            } else if isC && (at("%s") || at("%d")) {
                index += 2
                fragments.append("")
            } else {
                fragments[fragments.count - 1].append(text[index])
                index += 1
            }
        }
        let indentation = text[..<index].reversed().prefix { $0 == " " }.count
        index += quote.count
        return isMultiline ? fragments.unindented(by: indentation) : fragments
    }

    private mutating func escape(_ fragments: inout [String]) {
        let character = text[index]
        index += 1
        switch character {
        case "(":
            readCode(inInterpolation: true)
            fragments.append("")
        case "u":
            let digits = text[(index + 1)...].prefix { $0 != "}" }
            index += digits.count + 2
            let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init)
            fragments[fragments.count - 1] += scalar.map(String.init) ?? ""
        case "\n":
            // A continued line: the next line's indentation is not part of the text.
            index = skippingBlanks(from: index)
        case "n": fragments[fragments.count - 1] += "\n"
        case "t": fragments[fragments.count - 1] += "\t"
        case "r": fragments[fragments.count - 1] += "\r"
        case "0": fragments[fragments.count - 1] += "\0"
        default: fragments[fragments.count - 1].append(character)
        }
    }

    // MARK: Outside literals

    private func at(_ word: String) -> Bool {
        index + word.count <= text.count && text[index..<(index + word.count)].elementsEqual(word)
    }

    private mutating func skip(past word: String) {
        while index < text.count && !at(word) { index += 1 }
        index += word.count
    }

    private var isRawQuote: Bool {
        text[index] == "#" && text[index...].first { $0 != "#" } == "\""
    }

    /// Whether a regular expression begins here: `/x` where a value may be.
    private var isRegex: Bool {
        guard !isC, index + 1 < text.count, text[index + 1] != " " else { return false }
        let before = text[..<index].last { !$0.isWhitespace }
        return before.map { "(,=:".contains($0) } ?? false
    }

    private mutating func skipRegex() {
        index += 1
        while index < text.count && text[index] != "/" { index += text[index] == "\\" ? 2 : 1 }
        index += 1
    }

    private func skippingBlanks(from start: Int) -> Int {
        start + text[start...].prefix(while: \.isWhitespace).count
    }

    /// Whether `+` or `+=` precedes it.
    private func endsInPlus(before end: Int) -> Bool {
        let before = text[..<end].reversed().drop(while: \.isWhitespace)
        let operation = before.first == "=" ? before.dropFirst() : before
        return !isC && operation.first == "+"
    }

    private func label(before end: Int) -> String? {
        let before = text[..<end].reversed().drop(while: \.isWhitespace)
        guard before.first == ":" else { return nil }
        return String(before.dropFirst().prefix { $0.isLetter }.reversed())
    }
}

extension [String] {
    /// Removes the first and last line end and the indentation from a multi-line literal.
    fileprivate func unindented(by count: Int) -> [String] {
        let indentation = "\n" + String(repeating: " ", count: count)
        var fragments = map { $0.replacingOccurrences(of: indentation, with: "\n") }
        fragments[0].removeFirst()
        let last = fragments.count - 1
        if fragments[last].hasSuffix("\n") { fragments[last].removeLast() }
        return fragments
    }
}
