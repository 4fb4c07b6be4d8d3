internal import Text

/// A condition on a value in a JSON response, such as `.status == UP`.
struct JSONQuery: Hashable, CustomStringConvertible {
    /// The comparison.
    enum Relation: String, Hashable, CaseIterable {
        case equal = "=="
        case different = "!="
        case less = "<"
        case greater = ">"
    }

    /// The value to compare with.
    enum Operand: Hashable {
        /// A word without quotes; it is also a number if it has the form of one.
        case word(String)
        /// A text in quotes.
        case quoted(String)
    }

    /// The condition as written.
    let description: String

    private let path: [JSONStep]
    /// The path as written.
    private let pathText: String
    private let relation: Relation
    private let operand: Operand

    /// Parses a condition.
    ///
    /// - Parameter text: `PATH RELATION VALUE`.
    /// - Throws: `JSONQueryError` with the position of the error.
    init(_ text: String) throws(JSONQueryError) {
        var reader = JSONQueryReader(text)
        description = text
        path = try reader.readPath()
        pathText = reader.textSoFar
        relation = try reader.readRelation()
        operand = try reader.readOperand(relation)
    }

    /// Evaluates a response.
    ///
    /// - Parameter body: The whole body.
    /// - Returns: Why the condition is not met, as one clause; nil if it is.
    func fault(in body: [UInt8]) -> String? {
        do throws(JSONError) {
            // A reader may ignore a mark of the byte order (RFC 8259, section 8.1).
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let text = body.starts(with: mark) ? Array(body.dropFirst(mark.count)) : body
            guard let value = try JSONReader.value(at: path, in: text) else {
                return "JSON \(pathText) is missing"
            }
            return fault(of: value)
        } catch {
            return "the response is not JSON: \(error)"
        }
    }

    private func fault(of value: JSONScalar) -> String? {
        let shown = "JSON \(pathText) is \(Self.words(value))"
        switch value {
        case .array, .object: return shown
        default: break
        }
        let holds: Bool
        switch relation {
        case .equal: holds = isEqual(value)
        case .different: holds = !isEqual(value)
        case .less, .greater:
            guard let order = order(value) else { return "\(shown), not a number" }
            holds = relation == .less ? order < 0 : order > 0
        }
        return holds ? nil : "\(shown), expected \(relation.rawValue) \(operandText)"
    }

    // MARK: Comparing

    private func isEqual(_ value: JSONScalar) -> Bool {
        switch (value, operand) {
        case (.string(let text), .quoted(let expected)), (.string(let text), .word(let expected)):
            text == expected
        case (.number, .word): order(value) == 0
        case (.boolean(let isTrue), .word(let expected)): expected == (isTrue ? "true" : "false")
        case (.null, .word(let expected)): expected == "null"
        default: false
        }
    }

    /// Whether the value is less than the operand (-1), greater (1) or equal (0).
    ///
    /// Integers are compared as integers, other numbers as floating-point numbers.
    private func order(_ value: JSONScalar) -> Int? {
        guard case .number(let left) = value, case .word(let right) = operand else { return nil }
        if let left = Int(left), let right = Int(right) { return Self.order(left, right) }
        guard let left = Double(left), let right = Double(right), !right.isNaN else { return nil }
        return Self.order(left, right)
    }

    private static func order<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
        left < right ? -1 : left > right ? 1 : 0
    }

    private var operandText: String {
        switch operand {
        case .word(let text): text
        case .quoted(let text): "\"\(text)\""
        }
    }

    /// The value as text; a string is truncated.
    private static func words(_ value: JSONScalar) -> String {
        switch value {
        case .null: "null"
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .number(let text): String(text.prefix(100))
        case .string(let text): "\"\(text.prefix(100))\""
        case .array: "an array"
        case .object: "an object"
        }
    }
}
