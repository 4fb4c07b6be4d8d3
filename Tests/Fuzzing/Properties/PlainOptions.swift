// getopt's rules once more in plain words, to compare the true parsing with.

@testable import Listeners

/// What a command line means by getopt's rules.
///
/// Source: The GNU C Library manual, "Using the getopt function" and "Parsing Long Options with
/// getopt_long". That prefixes of superlance's own names go on to mean what they did is this
/// project's addition.
struct PlainOptions {
    /// An option as it was given.
    struct Occurrence {
        let option: OptionSpecification
        let text: String?
        /// Where the value stands: the word, the tool's name being word 0, and the byte in it.
        let place: (word: Int, offset: Int)?
    }

    private(set) var occurrences: [Occurrence] = []
    private(set) var operands: [String] = []
    /// Which words they are, the tool's name being word 0.
    private(set) var operandPlaces: [Int] = []
    /// What is wrong with the first word that fits no option.
    private(set) var fault: UsageError.Code?

    private let table: OptionTable
    private let words: [String]
    private var index = 0

    init(_ words: [String], by table: OptionTable) {
        self.table = table
        self.words = words
        while fault == nil, index < words.count {
            let word = words[index]
            index += 1
            if word == "--" {
                requireHyphens()
                operands += words[index...]
                operandPlaces += (index..<words.count).map { $0 + 1 }
                return
            }
            let bytes = Array(word.utf8)
            if bytes.starts(with: "--".utf8) {
                readLong(bytes)
            } else if bytes.count > 1, bytes[0] == UInt8(ascii: "-") {
                readLetters(bytes)
            } else {
                operands.append(word)
                operandPlaces.append(index)
            }
        }
        requireHyphens()
    }

    /// That a dash of another kind is no hyphen is this project's addition.
    private mutating func requireHyphens() {
        let hasDash = operands.contains { operand in
            operand.unicodeScalars.first.map {
                $0 == "\u{2212}"
                    || (!$0.isASCII && $0.properties.generalCategory == .dashPunctuation)
            } ?? false
        }
        if fault == nil, hasDash { fault = .unknownOption }
    }

    private mutating func readLong(_ word: [UInt8]) {
        let name = Array(word.dropFirst(2).prefix { $0 != UInt8(ascii: "=") })
        let hasValue = name.count + 2 < word.count
        switch options(called: name).count {
        case 0: fault = .unknownOption
        case 1:
            let option = options(called: name)[0]
            if option.placeholder == nil, hasValue {
                fault = .unexpectedValue
            } else {
                add(option, valueAt: hasValue ? name.count + 3 : nil)
            }
        default: fault = .ambiguousOption
        }
    }

    private mutating func readLetters(_ word: [UInt8]) {
        for index in word.indices.dropFirst() {
            let option = table.options.first { $0.letter?.asciiValue == word[index] }
            guard let option else {
                fault = .unknownOption
                return
            }
            let isLast = index + 1 == word.count
            add(option, valueAt: isLast ? nil : index + 1)
            if option.placeholder != nil || fault != nil { return }
        }
    }

    /// Adds an option whose value, if it takes one, stands in its own word or is the next.
    private mutating func add(_ option: OptionSpecification, valueAt offset: Int?) {
        guard option.placeholder != nil else {
            occurrences.append(Occurrence(option: option, text: nil, place: nil))
            return
        }
        var offset = offset
        if offset == nil {
            guard index < words.count else {
                fault = .missingValue
                return
            }
            index += 1
            offset = 0
        }
        let place = (word: index, offset: offset ?? 0)
        let text = String(decoding: words[index - 1].utf8.dropFirst(place.offset), as: UTF8.self)
        occurrences.append(Occurrence(option: option, text: text, place: place))
    }

    /// The options that a name may mean: one of superlance's by an unambiguous beginning, else the
    /// one that is called so, else all that begin so.
    private func options(called name: [UInt8]) -> [OptionSpecification] {
        func begins(_ option: OptionSpecification) -> Bool {
            names(of: option).contains { $0.starts(with: name) }
        }
        let official = table.options.filter { $0.isOriginal }
        if let own = official.first(where: { Array($0.longName.utf8) == name }) { return [own] }
        let beginning = official.filter { $0.longName.utf8.starts(with: name) }
        if beginning.count == 1, !name.isEmpty { return beginning }
        let called = table.options.filter { names(of: $0).contains(name) }
        return called.isEmpty ? table.options.filter(begins) : [called[0]]
    }

    private func names(of option: OptionSpecification) -> [[UInt8]] {
        ([option.longName] + option.aliases).map { Array($0.utf8) }
    }
}
