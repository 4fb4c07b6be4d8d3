import Foundation
import Listeners

/// The common parts of manual pages.
enum ManualPage {
    /// The date of the documented release.
    static let date = "2026-11-20"

    /// The first line of a page.
    static func title(_ name: String) -> String {
        ".TH \(name.uppercased()) 1 \"\(date)\" \"superlance \(OptionTable.version)\" "
            + "\"superlance manual\""
    }

    /// The text below a heading, which itself begins a new paragraph.
    static func body(_ blocks: [Markdown.Block]) -> [String] {
        let lines = blocks.flatMap(\.roff)
        return lines.first == ".PP" ? Array(lines.dropFirst()) : lines
    }

    /// A list of pages for SEE ALSO.
    static func seeAlso(_ names: [String]) -> String {
        let pages = names.map { ".BR \(Roff.literal($0)) (1)" }
        return (pages.dropLast().map { "\($0)," } + pages.suffix(1)).joined(separator: "\n")
    }
}

extension OptionTable {
    /// Generates the manual page of the tool.
    ///
    /// - Parameters:
    ///   - page: The tool's page of the documentation, with the description and the examples.
    ///   - statuses: The page about the exit status.
    /// - Returns: The page.
    func manualPage(page: Markdown, statuses: Markdown) -> String {
        let clause = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
        let lead = clause.prefix(1).lowercased() + clause.dropFirst()
        var lines = [ManualPage.title(programName), ".SH NAME"]
        lines.append("\(programName) \\- \(Roff.sentence(lead))")
        lines += [".SH SYNOPSIS"] + synopsis
        lines += [".SH DESCRIPTION"] + body(page.section("Description"))
        lines += [".SH OPTIONS"] + options.flatMap(entry)
        lines += [
            ".PP", "You can shorten a long option as long as it remains unambiguous.",
            ".SH EXIT STATUS",
        ]
        lines += body(statuses.blocks) + [".SH ENVIRONMENT"] + environment
        lines += [".SH DIAGNOSTICS"] + body(page.section("What it logs and mails"))
        lines += [".SH EXAMPLES"] + body(page.section("Examples"))
        lines += [".SH SEE ALSO"] + seeAlso
        return Roff.folded(lines).joined(separator: "\n") + "\n"
    }

    private var synopsis: [String] {
        let words = usage.dropFirst("usage: \(programName) ".count)
        return [".B \(programName)", Roff.literal(String(words))]
    }

    private func body(_ blocks: [Markdown.Block]) -> [String] { ManualPage.body(blocks) }

    private func entry(of option: OptionSpecification) -> [String] {
        let long = "--\(option.longName)"
        let names = [option.letter.map { "-\($0)" }, long].compactMap { $0 }
            .map { "\\fB\(Roff.literal($0))\\fR" }.joined(separator: ", ")
        let value = option.placeholder.map { " \\fI\(Roff.literal($0))\\fR" } ?? ""
        var text = option.help
        if option.occurrence.isRequired { text += " Required." }
        if option.occurrence.isRepeatable { text += " May be repeated." }
        return [".TP", names + value, Roff.line(Roff.sentence(text))]
    }

    private var environment: [String] {
        var lines = [
            "These variables set options that the command line does not set.",
            "For an option without a value, 1 enables it and 0 disables it.",
        ]
        for (names, option) in variables {
            let shown = names.map { "\\fB\($0)\\fR" }.joined(separator: ", ")
            lines += [".TP", shown, "\\fB\(Roff.literal("--\(option.longName)"))\\fR"]
        }
        lines += [".PP", "Other variables:"]
        for (name, meaning) in Self.otherVariables {
            lines += [".TP", ".B \(name)", Roff.sentence(meaning)]
        }
        return lines
    }

    private static let otherVariables = [
        ("SUPERLANCE_SMTP_PASSWORD", "The password for the SMTP server."),
        ("SUPERVISOR_SERVER_URL", "The URL of supervisord. supervisord sets it."),
        ("SUPERVISOR_USERNAME", "The user name for supervisord's HTTP server."),
        ("SUPERVISOR_PASSWORD", "The password for supervisord's HTTP server."),
        ("CURL_CA_BUNDLE, SSL_CERT_FILE", "The CA certificates to trust."),
    ]

    private var seeAlso: [String] {
        let others = Self.ofAllTools.map(\.programName).filter { $0 != programName }
        return [
            ManualPage.seeAlso(others), ".PP",
            "Names in italics refer to further documents, which are installed in",
            ".IR share/doc/superlance\\-listeners/docs .",
        ]
    }
}
