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
            guard result.utf8.count <= limit - 3 - next.utf8.count else { return "\(result)…" }
            result += next
        }
        return result
    }

    /// A link to a URL: Slack finds no URLs in verbatim text.
    ///
    /// - Parameters:
    ///   - url: The URL.
    ///   - limit: The maximum size of the result in bytes.
    /// - Returns: The link; nil if the text is no URL, or too long.
    static func link(_ url: String, to limit: Int) -> String? {
        guard ["http://", "https://"].contains(where: url.beginsExactly),
            !url.utf8.contains(where: { $0 <= 0x20 })
        else { return nil }
        // A bar would begin the name of the link.
        let address = url.replacingText("|", with: "%7C")
        let whole = escaped(address, to: .max)
        return whole.utf8.count + 2 <= limit ? "<\(whole)>" : nil
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(scalar)
        }
    }

    /// Escapes a line of a log, and omits the middle of a long one: what happened is often at its
    /// end.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - limit: The maximum size of the result in bytes.
    /// - Returns: The escaped line, without backticks.
    private static func escaped(line: String, to limit: Int) -> String {
        let whole = escaped(line, to: .max, besides: "`")
        guard whole.utf8.count > limit else { return whole }
        var end: [String] = []
        var left = limit - limit / 3
        for scalar in line.unicodeScalars.reversed() where scalar != "`" {
            let next = escaped(scalar)
            left -= next.utf8.count
            guard left >= 0 else { break }
            end.append(next)
        }
        return escaped(line, to: limit / 3, besides: "`") + end.reversed().joined()
    }

    /// A code block with as many of the last lines as fit, of which the last one has the most room.
    ///
    /// - Parameters:
    ///   - lines: The lines.
    ///   - limit: The maximum size of the result in bytes.
    /// - Returns: The block; nil without lines.
    static func code(_ lines: [String], to limit: Int) -> String? {
        var kept: [String] = []
        var left = limit - 6
        for line in lines.reversed() {
            let room = lines.count == 1 ? left : max(lineLimit, left / 2)
            let text = escaped(line: line.withVisibleControls, to: room)
            left -= text.utf8.count + 1
            guard left >= -1 else { break }
            kept.append(text)
        }
        let text = kept.reversed().joined(separator: "\n")
        // Slack rejects a block without text.
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return "```\(text)```"
    }

    /// The least room for a line of a log in bytes.
    private static let lineLimit = 300
}
