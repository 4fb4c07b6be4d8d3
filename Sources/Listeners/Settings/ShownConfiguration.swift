internal import Alerting
internal import Curl
internal import SupervisorRPC
internal import Text

/// The output of `--show-config`: the effective settings and their sources, without secrets.
struct ShownConfiguration {
    let table: OptionTable
    let settings: Settings

    /// The output, one line for each option.
    var text: String {
        let arguments = settings.arguments
        var lines = [settings.origin.tool]
        for option in table.options where arguments.has(option.key) {
            guard ![.showConfig, .testAlert].contains(option.key) else { continue }
            let all = arguments.occurrences.filter { $0.key == option.key }
            for one in option.occurrence.isRepeatable ? all : all.suffix(1) {
                let isVariable = one.name.hasPrefix("SUPERLANCE_")
                lines.append(
                    line(option, shown(one), isVariable ? one.name : "command line"))
            }
        }
        lines += arguments.operands.map { "  \(Self.redacted($0))  (command line)" }
        return (lines + elsewhere + defaults).joined(separator: "\n") + "\n"
    }

    private func line(
        _ option: OptionSpecification, _ value: String?, _ source: String
    ) -> String {
        let value = value.map { " \($0)" } ?? ""
        return "  --\(option.longName)\(value)  (\(source))"
    }

    // MARK: Other sources

    /// The values of other variables.
    private var elsewhere: [String] {
        let environment = settings.environment
        let variables: [(OptionKey, [String])] = [
            (.password, ["SUPERLANCE_SMTP_PASSWORD"]),
            (.authorities, ["CURL_CA_BUNDLE", "SSL_CERT_FILE"]),
            (.serverURL, ["SUPERVISOR_SERVER_URL"]),
        ]
        return variables.compactMap { key, names in
            guard !settings.arguments.has(key),
                key != .password || !settings.arguments.has(.passwordFile),
                let name = names.first(where: { environment[$0] != nil }),
                let value = environment[name],
                let option = table.options.first(where: { $0.key == key })
            else { return nil }
            return line(option, shown(value, of: key), name)
        }
    }

    /// The default values of options that are not set.
    private var defaults: [String] {
        let fixed = table.options.compactMap { option in
            hasDefault(option.key)
                ? option.standard.map { line(option, $0.isEmpty ? nil : $0, "default") } : nil
        }
        return mailDefaults + fixed + absences
    }

    /// Whether the default value of an option is in force.
    private func hasDefault(_ key: OptionKey) -> Bool {
        let arguments = settings.arguments
        guard !arguments.has(key) else { return false }
        switch key {
        case .eager: return !arguments.has(.notEager)
        case .any: return !arguments.has(.program)
        case .pagerDutyURL: return arguments.has(.pagerDuty)
        case .gcore: return arguments.has(.coreDirectory)
        case .request: return !arguments.has(.data)
        default: return true
        }
    }

    /// What is not done because an option is not set.
    private var absences: [String] {
        let notes: [(OptionKey, String)] = [
            (.maxRestarts, "no restart limit: --max-restarts is not set"),
            (.spool, "no spool: alerts are kept in memory"),
        ]
        return notes.compactMap { key, note in
            let isKnown = table.options.contains { $0.key == key }
            return isKnown && !settings.arguments.has(key) ? "  \(note)" : nil
        }
    }

    private var mailDefaults: [String] {
        guard let envelope = settings.envelope else {
            return ["  no mail: there are no recipients"]
        }
        let arguments = settings.arguments
        var lines: [String] = []
        if !arguments.has(.fromEmail) {
            lines.append("  --fromEmail \(envelope.sender.headerText)  (default)")
        }
        if !arguments.has(.smtpHost) && !arguments.has(.sendmail) {
            let isSMTP = settings.channels.first?.name == "SMTP"
            let value =
                isSMTP ? "--smtpHost localhost" : "--sendmail_program \(Settings.sendmail)"
            lines.append("  \(value)  (default)")
        }
        return lines
    }

    // MARK: Secrets

    private static let hidden = "<redacted>"

    private func shown(_ occurrence: OptionOccurrence) -> String? {
        guard let text = occurrence.text else { return nil }
        if occurrence.key == .password || occurrence.key == .data { return Self.hidden }
        if occurrence.key == .webhookHeader || occurrence.key == .header {
            let name = Substring(text.utf8.prefix { $0 != UInt8(ascii: ":") })
            return name.utf8.count == text.utf8.count ? Self.hidden : "\(name): \(Self.hidden)"
        }
        if occurrence.key == .serverURL { return Self.server(text) }
        let isAddress = ChannelOptions.secrets.contains(occurrence.key)
        guard isAddress || occurrence.key == .pagerDutyURL else { return Self.redacted(text) }
        guard let url = WebURL(text) else { return Self.hidden }
        let isBare = text.dropFirst(text.hasSuffix("/") ? 1 : 0).count <= url.origin.count
        return isBare ? url.origin : "\(url.origin)/\(Self.hidden)"
    }

    private func shown(_ value: String, of key: OptionKey) -> String {
        switch key {
        case .password: Self.hidden
        case .serverURL: Self.server(value)
        default: Self.redacted(value)
        }
    }

    /// The URL of supervisord without a login; hidden if it is invalid.
    private static func server(_ text: String) -> String {
        (try? ServerURL(text)) == nil ? hidden : redacted(text)
    }

    /// Redacts a text that contains a URL, such as `PATTERN=URL`.
    private static func redactedTemplate(_ text: String) -> String {
        guard !text.containsText("@") else { return hidden }
        guard let query = text.firstRange(ofText: "?") else { return text }
        return "\(text[..<query.lowerBound])?\(hidden)"
    }

    /// Removes credentials, the query and other possible secrets from a URL.
    private static func redacted(_ text: String) -> String {
        guard text.containsText("://") else { return text }
        guard let url = WebURL(text) else { return redactedTemplate(text) }
        // An unescaped slash or question mark in a password ends the authority early.
        if url.redacted.containsText("@") { return "\(url.origin)/\(hidden)" }
        guard let query = url.redacted.firstRange(ofText: "?") else { return url.redacted }
        return "\(url.redacted[..<query.lowerBound])?\(hidden)"
    }
}
