internal import Text

/// A text chart, as memmon draws it, with bars.
struct HTMLChart {
    /// A line such as `  13:00:01   103.4 MB ######## over`.
    private struct Row {
        let label: String
        let length: Int
        let remark: String
    }

    private let heading: String
    private let rows: [Row]
    private let end: [String]

    /// Reads a chart; nil for any other text.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        guard let heading = lines.first else { return nil }
        let rows = lines.dropFirst().prefix { $0.hasPrefix("  ") }.map(Self.row)
        let known = rows.compactMap { $0 }
        guard known.count > 1, known.count == rows.count else { return nil }
        self.heading = heading
        self.rows = known
        end = Array(lines.dropFirst(1 + rows.count))
    }

    private static func row(_ line: String) -> Row? {
        let words = line.split(separator: " ")
        guard let bar = words.firstIndex(where: { $0.allSatisfy { $0 == "#" } }), bar > 0 else {
            return nil
        }
        return Row(
            label: words[..<bar].joined(separator: " "), length: words[bar].count,
            remark: words[(bar + 1)...].joined(separator: " "))
    }

    /// The chart as a table: the numbers are beside the bars.
    var html: String {
        let most = rows.map(\.length).max() ?? 1
        let cells = rows.map { row in
            let width = max(1, row.length * 240 / most)
            let color = row.remark.isEmpty ? "#5b7fa6" : "#c62828"
            let bar =
                "<div style=\"display:inline-block;height:12px;width:\(width)px;"
                + "border:1px solid #404040;background:\(color)\"></div>"
            return """
                <tr><td style="padding:1px 10px 1px 0;text-align:right;white-space:nowrap">\
                \(HTMLPage.escaped(row.label))</td><td>\(bar) \(HTMLPage.escaped(row.remark))</td></tr>
                """
        }
        let rest = end.map { "<p style=\"margin:0 0 12px\">\(HTMLPage.escaped($0))</p>" }
        let lines =
            [
                "<h2 style=\"font-size:16px;margin:20px 0 6px\">\(HTMLPage.escaped(heading))</h2>",
                "<table style=\"border-collapse:collapse;margin:0 0 12px\">",
            ] + cells + ["</table>"] + rest
        return lines.joined(separator: "\n")
    }
}
