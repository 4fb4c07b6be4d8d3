internal import ListenerProtocol
internal import System
internal import Text

/// An alert as a page for mail programs: the facts as a table, logs in monospace, memory as bars.
///
/// Nothing is loaded from elsewhere, and everything is text, too: without colours nothing is lost.
/// Mail programs ignore style sheets, so each element has its own style.
struct HTMLPage {
    let alert: Alert

    /// How many incidents are shown with diagnostics.
    private static let explained = 50

    private static let rule =
        "border:1px solid #d0d0d0;padding:4px 10px;text-align:left;vertical-align:top"

    /// The page.
    var text: String {
        let incidents = alert.effectiveIncidents
        let headline = Headline(of: alert).text
        let isSingle = incidents.count == 1
        let sections = incidents.prefix(Self.explained).map { section($0, isSingle: isSingle) }
        let left = incidents.count - sections.count
        let content =
            [heading(headline)] + (isSingle ? [] : overview(incidents)) + sections
            + (left > 0 ? ["<p>and \(left) more without details</p>"] : []) + remarks(incidents)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(headline))</title>
            </head>
            <body style="margin:0;padding:16px;font:15px/1.45 sans-serif;color:#1a1a1a;background:#ffffff">
            \(content.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    // MARK: Parts

    private func heading(_ headline: String) -> String {
        let severity = alert.severity
        let style =
            "font-size:20px;line-height:1.3;margin:0 0 12px;padding:2px 0 2px 12px;"
            + "border-left:6px solid \(severity.color)"
        return """
            <h1 style="\(style)">\(Self.escaped(headline))</h1>
            <p style="margin:0 0 12px">\(severity.rawValue), \(Self.time(alert.time))</p>
            """
    }

    private static func time(_ time: Timestamp) -> String {
        time.formatted("%Y-%m-%d %H:%M:%S %Z")
    }

    /// The states of all processes, as in the text, and a list of the incidents.
    private func overview(_ incidents: [Incident]) -> [String] {
        (stateLine.map { [Self.state($0)] } ?? []) + [list(incidents)]
    }

    /// The states of all processes, which are below the first line of the text; nil if they are
    /// unknown.
    private var stateLine: String? {
        let lines = alert.body.split(
            separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count > 1, lines[1].hasPrefix("now: ") else { return nil }
        return String(lines[1])
    }

    private static func state(_ line: String) -> String {
        "<p style=\"margin:0 0 12px\"><strong>\(escaped(line))</strong></p>"
    }

    private func list(_ incidents: [Incident]) -> String {
        let lines = incidents.map { incident in
            let time = incident.time.formatted("%H:%M:%S")
            return "<li>\(time) \(Self.escaped(Headline(of: incident).textWithoutPlace))</li>"
        }
        return "<ol style=\"padding-left:28px\">\n\(lines.joined(separator: "\n"))\n</ol>"
    }

    private func section(_ incident: Incident, isSingle: Bool) -> String {
        let found = incident.diagnostics
        var parts: [String] = []
        if !isSingle {
            parts.append(Self.subheading(Headline(of: incident).textWithoutPlace))
        }
        if let state = found?.stateLine { parts.append(Self.state(state)) }
        parts.append(
            "<p style=\"margin:0 0 12px;white-space:pre-wrap\">\(Self.escaped(incident.message))</p>"
        )
        if let facts = found?.facts, !facts.isEmpty { parts.append(Self.table(facts)) }
        parts += found?.sections.map(Self.paragraph) ?? []
        parts += found?.logs.map(Self.log) ?? []
        return parts.joined(separator: "\n")
    }

    private static func subheading(_ text: String) -> String {
        "<h2 style=\"font-size:16px;margin:20px 0 6px\">\(escaped(text))</h2>"
    }

    private static func table(_ facts: [(name: String, value: String)]) -> String {
        let rows = facts.map { fact in
            let isLink = fact.name == "runbook"
            let value = escaped(fact.value)
            return """
                <tr><th scope="row" style="\(rule);background:#f4f4f4">\(escaped(fact.name))</th>\
                <td style="\(rule)">\(isLink ? "<a href=\"\(value)\">\(value)</a>" : value)</td></tr>
                """
        }
        return """
            <table style="border-collapse:collapse;margin:0 0 12px">
            \(rows.joined(separator: "\n"))
            </table>
            """
    }

    private static func log(_ log: LogExcerpt) -> String {
        guard log.refusal == nil else { return "<p>\(escaped(log.heading))</p>" }
        return subheading(log.heading) + "\n" + monospace(log.lines.joined(separator: "\n"))
    }

    private static func monospace(_ text: String) -> String {
        let style =
            "font:13px/1.4 monospace;background:#f4f4f4;border:1px solid #d0d0d0;padding:8px;"
            + "margin:0 0 12px;white-space:pre-wrap;overflow-wrap:anywhere"
        return "<pre style=\"\(style)\">\(escaped(text))</pre>"
    }

    /// A paragraph; a chart with bars.
    private static func paragraph(_ text: String) -> String {
        HTMLChart(text)?.html ?? monospace(text)
    }

    /// What the text has beside its incidents, such as a notice of dropped events.
    private func remarks(_ incidents: [Incident]) -> [String] {
        let texts = incidents.flatMap { [$0.text, $0.message, $0.process?.qualifiedName ?? ""] }
        let known = Set(texts.flatMap { Self.lines($0.withVisibleControls) })
        var remarks: [String] = []
        for paragraph in Self.paragraphs(alert.body) {
            guard let first = Self.lines(paragraph).first, !known.contains(first) else { continue }
            let isBlock = incidents.contains { incident in
                incident.process.map { first.hasPrefix("\($0.qualifiedName) (pid ") } ?? false
            }
            if !isBlock {
                // Where the states of all are already shown, their line is not repeated.
                let shown = incidents.count > 1 ? stateLine : nil
                let text = paragraph.split(separator: "\n").filter { String($0) != shown }
                    .joined(separator: "\n")
                remarks.append("<p style=\"white-space:pre-wrap\">\(Self.escaped(text))</p>")
            }
        }
        return remarks
    }

    private static func paragraphs(_ text: String) -> [Substring] {
        var paragraphs: [Substring] = []
        var rest = text[...]
        while let end = rest.firstRange(ofText: "\n\n") {
            paragraphs.append(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return paragraphs + [rest]
    }

    /// The lines without indentation.
    private static func lines(_ text: some StringProtocol) -> [String] {
        text.split(separator: "\n").map { line in String(line.drop { $0 == " " }) }
            .filter { !$0.isEmpty }
    }

    /// Text for elements and quoted attributes (HTML, section 13.3), without control characters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.withVisibleControls.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
