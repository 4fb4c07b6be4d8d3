// How lines of the log are worded, and whether a quotation shows one of them.

import Foundation
import TestSupport

/// The lines that the sources can put together.
///
/// What a source leaves open is filled by a placeholder in the quotation, a word in capitals such
/// as `NAME`, or by another line of the sources: `PROCESS is no longer waited for: it runs again`
/// is made of two. Single words, and nothing at all, fill it only if the same source file has them.
struct Wording {
    /// A line of a literal.
    struct Line {
        let literal: StringLiteral
        /// Its fixed text; between two of them something is left open.
        let fixed: [[UInt8]]
        /// The same as C strings, for a fast search.
        fileprivate let terminated: [[CChar]]

        /// Whether it says something to people: it has a word, and its literal is more than that.
        let saysSomething: Bool

        /// Whether it does nothing but put other texts together, as `: ` between two of them.
        let isGlue: Bool

        fileprivate init(_ fixed: [[UInt8]], of literal: StringLiteral) {
            self.literal = literal
            self.fixed = fixed
            terminated = fixed.map { $0.map { CChar(bitPattern: $0) } + [0] }
            let hasWord = fixed.contains { text in
                text.split { !(0x61...0x7A).contains($0 | 0x20) }.contains { $0.count > 1 }
            }
            let isPhrase = literal.fragments.joined().contains(where: \.isWhitespace)
            saysSomething = hasWord && isPhrase
            isGlue = !hasWord && fixed.count > 1 && fixed.contains { !$0.isEmpty }
        }

        /// The fixed text without the blanks around the line.
        fileprivate var trimmed: [[UInt8]] {
            var fixed = fixed
            fixed[0] = Array(fixed[0].drop { $0 == 0x20 })
            let last = fixed.count - 1
            while fixed[last].last == 0x20 { fixed[last].removeLast() }
            return fixed
        }
    }

    /// Numbers of lines by their first byte, since few of them begin like a given text.
    fileprivate struct Index {
        private var numbers: [UInt8: [Int]] = [:]
        /// Those that begin with something left open.
        private var open: [Int] = []

        init(_ lines: some Sequence<(number: Int, fixed: [[UInt8]])>) {
            for line in lines {
                if let first = line.fixed[0].first {
                    numbers[first, default: []].append(line.number)
                } else {
                    open.append(line.number)
                }
            }
        }

        /// The lines that may begin with a byte, or at the end of a text.
        func candidates(_ byte: UInt8?) -> [Int] {
            open + (byte.flatMap { numbers[$0] } ?? [])
        }
    }

    let lines: [Line]

    /// The lines that may be a whole quotation.
    fileprivate let whole: Index

    /// The lines that may fill what any source leaves open.
    fileprivate let general: Index

    /// Those of the lines that fill only what their own file leaves open.
    fileprivate let local: [String: Index]

    init(_ literals: [StringLiteral]) {
        let lines = literals.flatMap(Self.lines)
        let isGeneral = lines.map { $0.saysSomething || $0.isGlue }
        self.lines = lines
        whole = Index(
            lines.indices.filter { lines[$0].saysSomething }.map { ($0, lines[$0].trimmed) })
        general = Index(lines.indices.filter { isGeneral[$0] }.map { ($0, lines[$0].fixed) })
        local = Dictionary(grouping: lines.indices.filter { !isGeneral[$0] }) {
            lines[$0].literal.file
        }.mapValues { numbers in Index(numbers.map { ($0, lines[$0].fixed) }) }
    }

    /// The numbers of the lines by which a quotation comes about; none if it is nobody's.
    func sources(of quotation: String) -> Set<Int> {
        var reading = Reading(self, quotation)
        return reading.whole()
    }

    private static func lines(of literal: StringLiteral) -> [Line] {
        var lines: [[[UInt8]]] = [[]]
        for fragment in literal.fragments {
            for (number, part) in fragment.split(
                separator: "\n", omittingEmptySubsequences: false
            ).enumerated() {
                if number > 0 { lines.append([]) }
                lines[lines.count - 1].append(Array(part.utf8))
            }
        }
        return lines.map { Line($0, of: literal) }
    }
}

/// All the ways to put one quotation together.
private struct Reading {
    let wording: Wording
    let text: [UInt8]
    /// The lines all of whose fixed text the quotation has.
    private let possible: [Bool]
    private var known: [Place: Ends] = [:]

    /// Where a part may end, and the lines that it is made of then.
    private typealias Ends = [Int: Set<Int>]

    /// Where something left open begins, how many lines may still be nested, and which may: those
    /// of a file, or any.
    private struct Place: Hashable {
        let start: Int
        let depth: Int
        let file: String?
    }

    private static let deepest = 3

    init(_ wording: Wording, _ quotation: String) {
        self.wording = wording
        let text = Array(quotation.utf8)
        self.text = text
        // The whole page is compared with all sources: without this, that takes a minute.
        let terminated = Array(quotation.utf8CString)
        possible = wording.lines.map { line in
            line.terminated.allSatisfy { strstr(terminated, $0) != nil }
        }
    }

    mutating func whole() -> Set<Int> {
        wording.whole.candidates(text.first).reduce(into: []) { used, number in
            used.formUnion(ends(number, from: 0, Self.deepest, isWhole: true)[text.count] ?? [])
        }
    }

    private mutating func ends(
        _ number: Int, from start: Int, _ depth: Int, isWhole: Bool = false
    ) -> Ends {
        // A line's ends may be without the blanks around them.
        guard isWhole || possible[number] else { return [:] }
        let line = wording.lines[number]
        // The text around a whole line depends on where the line goes.
        let fixed = isWhole ? line.trimmed : line.fixed
        var ends: Ends = [start: [number]]
        for (place, part) in fixed.enumerated() {
            if place > 0 { ends = filled(ends, depth, in: line.literal.file) }
            if part.isEmpty { continue }
            ends = ends.reduce(into: [:]) { after, end in
                if text[end.key...].starts(with: part) { after[end.key + part.count] = end.value }
            }
            if ends.isEmpty { break }
        }
        return ends
    }

    /// Where what is left open may end.
    private mutating func filled(_ starts: Ends, _ depth: Int, in file: String) -> Ends {
        var ends: Ends = [:]
        for (start, used) in starts {
            for file in [nil, file] {
                let place = Place(start: start, depth: depth, file: file)
                for (end, more) in fillings(place) {
                    ends[end, default: []].formUnion(used.union(more))
                }
            }
        }
        return ends
    }

    private mutating func fillings(_ place: Place) -> Ends {
        if let ends = known[place] { return ends }
        var ends: Ends = [:]
        if place.file == nil, let end = placeholder(at: place.start) { ends[end] = [] }
        if place.depth > 0 {
            let index = place.file.map { wording.local[$0] } ?? wording.general
            let byte = place.start < text.count ? text[place.start] : nil
            for number in index?.candidates(byte) ?? [] {
                let more = self.ends(number, from: place.start, place.depth - 1)
                ends.merge(more) { $0.union($1) }
            }
        }
        known[place] = ends
        return ends
    }

    /// Where a placeholder ends: capitals that no other letter follows.
    private func placeholder(at start: Int) -> Int? {
        let letters = text[start...].prefix { ($0 >= 0x41 && $0 <= 0x5A) || $0 == 0x5F }
        let end = start + letters.count
        guard !letters.isEmpty, end == text.count || !(0x61...0x7A).contains(text[end]) else {
            return nil
        }
        return end
    }
}
