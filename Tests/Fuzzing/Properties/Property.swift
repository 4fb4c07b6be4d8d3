// What must hold of any input.

/// What must hold of any input, those included that somebody made to do harm.
///
/// A property is tried in two ways: with the seeds of its corpus by the tests, and with whatever
/// libFuzzer makes of them by `scripts/fuzz`.
package struct Property: Sendable {
    /// What scripts and folders call it.
    package let name: String

    /// Tries it with an input.
    package let check: @Sendable (_ input: [UInt8]) throws(Violation) -> Void

    init(_ name: String, check: @escaping @Sendable ([UInt8]) throws(Violation) -> Void) {
        self.name = name
        self.check = check
    }

    /// All properties.
    package static let all: [Property] = [
        .frames, .events, .http, .responses, .options, .mails, .texts, .numbers,
    ]
}

/// An input of which a property does not hold.
package struct Violation: Error, CustomStringConvertible {
    /// What should have been and was not.
    package let description: String
}

/// Throws unless a condition holds.
///
/// - Parameters:
///   - condition: What must hold.
///   - description: What is wrong if it does not.
/// - Throws: The violation.
func require(_ condition: Bool, _ description: @autoclosure () -> String) throws(Violation) {
    guard condition else { throw Violation(description: description()) }
}

/// Throws unless two values are the same.
///
/// - Parameters:
///   - actual: What was found.
///   - expected: What it must be.
///   - what: What it is called.
/// - Throws: The violation.
func require<Value: Equatable>(
    _ actual: Value, is expected: Value, _ what: @autoclosure () -> String
) throws(Violation) {
    guard actual == expected else {
        throw Violation(description: "\(what()): \(shown(actual)), not \(shown(expected))")
    }
}

/// A value as a person reads it: bytes as text.
private func shown(_ value: some Any) -> String {
    guard let bytes = value as? [UInt8] else { return String(reflecting: value) }
    return String(decoding: bytes, as: UTF8.self).debugDescription
}

/// Throws unless a text can stand in a log as one line.
///
/// - Parameters:
///   - text: What a person is to read.
///   - what: What it is called.
/// - Throws: The violation.
func requireLine(_ text: String, _ what: String) throws(Violation) {
    let isClean = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    try require(!text.isEmpty && isClean, "\(what) is no clean line: \(text.debugDescription)")
}
