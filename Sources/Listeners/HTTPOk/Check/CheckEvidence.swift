internal import Text

/// The expected and the actual response of a site, for the alert.
struct CheckEvidence {
    /// The expectation.
    let expected: String
    /// The actual result.
    let got: String
    /// The duration of the check.
    let milliseconds: Int
    /// The beginning of the response's body.
    let excerpt: [UInt8]

    /// Adds the limit that a passed check has exceeded to its evidence.
    ///
    /// - Parameters:
    ///   - limit: The limit.
    ///   - text: The evidence.
    /// - Returns: The evidence, whose expectation names the limit.
    static func adding(limit: Duration, to text: String) -> String {
        var lines = text.utf8.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        guard let first = lines.first, first.beginsExactly(with: "expected: ") else { return text }
        lines[0] = "\(first), within \(limit.shortText)"
        return lines.joined(separator: "\n")
    }

    /// How much of the body is shown, in bytes.
    static let excerptLimit = 200

    /// The evidence as lines.
    var text: String {
        let time = Duration.milliseconds(milliseconds).shortText
        let lines = ["expected: \(expected)", "got: \(got), after \(time)"]
        let beginning = String(decoding: excerpt.prefix(Self.excerptLimit), as: UTF8.self)
        guard !beginning.allSatisfy(\.isWhitespace) else { return lines.joined(separator: "\n") }
        let answer = beginning.split { $0 == "\n" || $0 == "\r\n" }
            .map { "  \(String($0).withVisibleControls)" }
        return (lines + ["the response begins:"] + answer).joined(separator: "\n")
    }
}
