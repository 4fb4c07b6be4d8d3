// The texts that stand in quotes in a source file.

import Foundation

/// A text between quotes in Swift or C, with what is put into it at run time left open.
///
/// Literals that a `+` joins are one; what a `+` joins to it otherwise is left open, too.
package struct StringLiteral: CustomStringConvertible {
    /// What stands before, between and behind what is left open.
    package private(set) var fragments: [String]
    /// The path of the file from the top of the package, and the line that it begins in.
    package let file: String
    package let line: Int
    /// The label of the argument that it is, such as `help`.
    package let label: String?

    /// The place, and the text with `…` for what is left open.
    package var description: String { "\(file):\(line): \(fragments.joined(separator: "…"))" }

    /// Every literal below a folder of the package.
    package static func all(below folder: String) throws -> [StringLiteral] {
        let names = FileManager.default.enumerator(atPath: "\(Document.root)/\(folder)")
        let files = names.map { $0.compactMap { $0 as? String } } ?? []
        return try files.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }.sorted()
            .flatMap { try all(in: Document("\(folder)/\($0)")) }
    }

    /// Every literal of a source file.
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

/// Goes through a source file as a compiler's lexer does, as far as quotes are concerned.
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

    /// Reads up to the end, or up to the parenthesis that closes an interpolation.
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
        // Literals within interpolations have been found meanwhile; this one stands before them.
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

    /// Where what is joined to the literal before begins.
    private func joined() -> Int? {
        let next = skippingBlanks(from: index)
        guard next < text.count else { return nil }
        if isC { return text[next] == "\"" ? next : nil }
        guard text[next] == "+" else { return nil }
        return skippingBlanks(from: next + 1)
    }

    // MARK: Between quotes

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
            // A line that goes on: what indents the next one is no part of it.
            index = skippingBlanks(from: index)
        case "n": fragments[fragments.count - 1] += "\n"
        case "t": fragments[fragments.count - 1] += "\t"
        case "r": fragments[fragments.count - 1] += "\r"
        case "0": fragments[fragments.count - 1] += "\0"
        default: fragments[fragments.count - 1].append(character)
        }
    }

    // MARK: What stands around

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

    /// Whether a regular expression begins here: `/x`, where a value may stand.
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

    /// Whether `+` or `+=` stands before.
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
    /// The fragments of a literal between triple quotes, without its first and last line end and
    /// without what indents its lines.
    fileprivate func unindented(by count: Int) -> [String] {
        let indentation = "\n" + String(repeating: " ", count: count)
        var fragments = map { $0.replacingOccurrences(of: indentation, with: "\n") }
        fragments[0].removeFirst()
        let last = fragments.count - 1
        if fragments[last].hasSuffix("\n") { fragments[last].removeLast() }
        return fragments
    }
}
