// What was expected of a site and what came, for the alert.

internal import Text

/// What was expected of a site and what came, for the alert.
struct CheckEvidence {
    /// What was expected.
    let expected: String
    /// What came.
    let got: String
    /// How long it took.
    let milliseconds: Int
    /// The beginning of what the site said.
    let excerpt: [UInt8]

    /// How much of it is shown, in bytes.
    static let excerptLimit = 200

    /// All of it, in lines.
    var text: String {
        let time = Duration.milliseconds(milliseconds).shortText
        let lines = ["expected: \(expected)", "got: \(got), after \(time)"]
        let beginning = String(decoding: excerpt.prefix(Self.excerptLimit), as: UTF8.self)
        guard !beginning.allSatisfy(\.isWhitespace) else { return lines.joined(separator: "\n") }
        let answer = beginning.withVisibleControls.split { $0 == "\n" || $0 == "\r\n" }
        return (lines + ["the answer begins:"] + answer.map { "  \($0)" }).joined(separator: "\n")
    }
}
