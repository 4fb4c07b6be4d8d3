internal import Alerting
internal import ListenerProtocol
internal import Text

/// The URL of a page that says what to do, with `{group}`, `{process}` and `{kind}` of the
/// incident.
struct Runbook {
    private let template: BraceText

    private static let names = ["group", "process", "kind"]

    /// Parses a URL with names in braces.
    ///
    /// - Parameter value: The option's value.
    /// - Throws: `UsageError` if it is not a URL, or has another name.
    init(_ value: OptionValue) throws(UsageError) {
        template = try value.braceText(names: Self.names)
        guard WebURL(template.filled { _ in "x" }) != nil else {
            throw value.error(requiring: "a URL such as https://wiki.example.org/{process}")
        }
    }

    /// The URL for an incident.
    ///
    /// - Parameter incident: The incident.
    /// - Returns: The URL, with percent-encoded values.
    func url(for incident: Incident) -> String {
        template.filled { name in
            let value =
                switch name {
                case "group": incident.process?.group ?? ""
                case "process": incident.process?.name ?? ""
                default: (incident.recovery?.kind ?? incident.kind).rawValue
                }
            return value.percentEncoded
        }
    }
}
