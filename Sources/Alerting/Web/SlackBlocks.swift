internal import ListenerProtocol
internal import System
internal import Text

/// The blocks of a message about one incident (Slack manual, "Block Kit").
///
/// Slack's limits: a header has 150 characters, the text of a section 3,000, a section 10 fields of
/// 2,000, and a message 50 blocks. All limits here are in bytes, which are never less; together the
/// texts stay below the 13,000 characters from which on Slack answers `msg_blocks_too_long`.
struct SlackBlocks {
    let incident: Incident

    /// The maximum length of a header.
    static let headerLimit = 150
    private static let fieldsInSection = 10
    private static let (messageLimit, fieldLimit, codeLimit) = (2_000, 300, 1_500)
    private static let mostLogs = 2
    private static let mostSections = 2

    /// A header.
    static func header(_ text: String) -> JSONValue {
        .object([
            ("type", .string("header")),
            (
                "text",
                .object([
                    ("type", .string("plain_text")),
                    ("text", .string(SlackText.escaped(text, to: headerLimit))),
                    // `group:name:x` is no emoji.
                    ("emoji", .bool(false)),
                ])
            ),
        ])
    }

    /// A section with text in Slack's markup.
    static func section(_ markup: String) -> JSONValue {
        .object([("type", .string("section")), ("text", text(markup))])
    }

    private static func text(_ markup: String) -> JSONValue {
        // Nothing but markup: no links or names are found in the text.
        .object([
            ("type", .string("mrkdwn")), ("text", .string(markup)), ("verbatim", .bool(true)),
        ])
    }

    /// What follows the header: message and state, the facts in two columns, charts and logs.
    var all: [JSONValue] { [message] + fields + sections + logs }

    private var message: JSONValue {
        let state = incident.diagnostics?.state.map {
            "*now: \(SlackText.escaped($0.withVisibleControls, to: 300, besides: "*"))*\n"
        }
        let message = SlackText.escaped(
            incident.message.withVisibleControls, to: Self.messageLimit)
        return Self.section("\(state ?? "")\(message.isEmpty ? "-" : message)")
    }

    private var fields: [JSONValue] {
        let facts = incident.diagnostics?.facts ?? []
        let fields = facts.map { fact in
            let value =
                (fact.name == "runbook" ? SlackText.link(fact.value, to: Self.fieldLimit) : nil)
                ?? SlackText.escaped(fact.value, to: Self.fieldLimit)
            return Self.text("*\(fact.name)*\n\(value.isEmpty ? "-" : value)")
        }
        return stride(from: 0, to: fields.count, by: Self.fieldsInSection).map { start in
            let end = min(start + Self.fieldsInSection, fields.count)
            return .object([
                ("type", .string("section")), ("fields", .array(Array(fields[start..<end]))),
            ])
        }
    }

    private var sections: [JSONValue] {
        (incident.diagnostics?.sections ?? []).prefix(Self.mostSections).compactMap { section in
            let lines = section.split(separator: "\n", omittingEmptySubsequences: false)
            return SlackText.code(lines.map(String.init), to: Self.codeLimit).map(Self.section)
        }
    }

    private var logs: [JSONValue] {
        (incident.diagnostics?.logs ?? []).prefix(Self.mostLogs).map { log in
            let heading = SlackText.escaped(log.heading, to: 400)
            let code = SlackText.code(log.lines, to: Self.codeLimit)
            return Self.section([heading, code].compactMap { $0 }.joined(separator: "\n"))
        }
    }
}
