internal import Text

/// Text in Slack's markup (Slack manual, "Formatting text for app surfaces").
enum SlackText {
    /// Escapes the three characters that are special to Slack.
    ///
    /// The text is truncated first, so that no escape is cut.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The maximum size of the result in bytes.
    ///   - mark: A character that would end the surrounding markup, and is removed.
    /// - Returns: The escaped text.
    static func escaped(
        _ text: String, to limit: Int, besides mark: Unicode.Scalar? = nil
    ) -> String {
        var result = ""
        // Scalars, since a combining character would hide a bracket from Swift, but not from Slack.
        for scalar in text.unicodeScalars where scalar != mark {
            let next = escaped(scalar)
            guard result.utf8.count + next.utf8.count <= limit - 3 else { return "\(result)…" }
            result += next
        }
        return result
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(scalar)
        }
    }

    /// A code block with as many of the last lines as fit.
    ///
    /// - Parameters:
    ///   - lines: The lines.
    ///   - limit: The maximum size of the result in bytes.
    /// - Returns: The block; nil without lines.
    static func code(_ lines: [String], to limit: Int) -> String? {
        var kept: [String] = []
        var left = limit - 6
        for line in lines.reversed() {
            let text = escaped(line.withVisibleControls, to: 300, besides: "`")
            left -= text.utf8.count + 1
            guard left >= -1 else { break }
            kept.append(text)
        }
        let text = kept.reversed().joined(separator: "\n")
        // Slack rejects a block without text.
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return "```\(text)```"
    }
}
