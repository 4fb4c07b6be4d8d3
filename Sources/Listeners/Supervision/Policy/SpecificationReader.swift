internal import Text

/// Parses an option's value step by step, and identifies the position of an error.
struct SpecificationReader {
    private let value: OptionValue
    private let bytes: [UInt8]

    /// The number of bytes read.
    private(set) var position = 0

    /// Begins at the start of a value.
    init(_ value: OptionValue) {
        self.value = value
        bytes = Array(value.text.utf8)
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { position == bytes.count }

    /// The next byte, without consuming it.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Consumes a byte if it comes next.
    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    /// Consumes spaces.
    mutating func skipSpaces() {
        while skip(" ") {}
    }

    /// Reads the bytes that belong to a class.
    mutating func text(while belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let next, belongs(next) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads letters and digits.
    mutating func word() -> String {
        text { byte in
            byte.isASCIIDigit
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    /// Parses a whole number.
    ///
    /// - Parameters:
    ///   - range: The allowed numbers.
    ///   - expected: What the option requires here.
    /// - Returns: The number.
    /// - Throws: `UsageError` for anything else.
    mutating func number(
        in range: ClosedRange<Int>, requiring expected: String
    ) throws(UsageError) -> Int {
        let start = position
        let digits = text { $0.isASCIIDigit }
        guard let number = Int(digits), range.contains(number) else {
            throw error(requiring: expected, at: start)
        }
        return number
    }

    /// Parses a duration: whole seconds, or with `s`, `m`, `h` or `d`.
    ///
    /// - Parameters:
    ///   - least: The minimum in seconds.
    ///   - expected: What the option requires here.
    /// - Returns: The seconds, at most ten years.
    /// - Throws: `UsageError` for anything else.
    mutating func seconds(
        atLeast least: Int = 0, requiring expected: String = "a time such as 90, 30m or 1h"
    ) throws(UsageError) -> Int {
        let start = position
        let word = word()
        guard let seconds = try? OptionValue(name: value.name, text: word).seconds(), !word.isEmpty,
            (least...Self.longest).contains(seconds)
        else { throw error(requiring: expected, at: start) }
        return seconds
    }

    /// The maximum duration in seconds.
    private static let longest = 315_360_000

    /// Requires that everything has been read.
    func end(requiring expected: String) throws(UsageError) {
        guard isAtEnd else { throw error(requiring: expected, at: position) }
    }

    /// Creates an error with its position.
    ///
    /// - Parameters:
    ///   - expected: What the option requires.
    ///   - position: The number of bytes before the error.
    /// - Returns: The error.
    func error(requiring expected: String, at position: Int) -> UsageError {
        let place = position < bytes.count ? "at character \(position + 1)" : "at the end"
        return UsageError(
            .invalidValue,
            "\(value.name) requires \(expected) \(place) of '\(value.text.prefix(100))'")
    }
}
