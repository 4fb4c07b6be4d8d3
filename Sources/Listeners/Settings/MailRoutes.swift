internal import Alerting
internal import ListenerProtocol
internal import Text

/// Who gets the mails about which processes: the addresses of the first pattern that matches, else
/// those of everything else.
struct MailRoutes: Hashable, Sendable {
    /// `PATTERN=ADDRESS[,...]` of `--route`.
    struct Route: Hashable, Sendable {
        let pattern: ProcessPattern
        let recipients: [MailAddress]
    }

    /// The routes; the first match counts.
    let routes: [Route]

    /// The recipients of everything else; nil if it is not mailed.
    let others: [MailAddress]?

    /// Parses the options.
    ///
    /// - Throws: `UsageError` that names the option and what it requires.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        others = try arguments.value(.email)?.mailAddresses()
        routes = try arguments.values(.route).map { value throws(UsageError) in
            try Route(value)
        }
    }

    /// The recipients of alerts about a process; nil if there are none.
    func recipients(of process: ProcessName?) -> [MailAddress]? {
        guard let process, let route = routes.first(where: { $0.pattern.matches(process) }) else {
            return others
        }
        return route.recipients
    }

    /// All lists of recipients, each once; that of everything else comes first.
    var lists: [[MailAddress]] {
        ([others].compactMap { $0 } + routes.map(\.recipients)).withoutRepetitions()
    }

    /// The patterns, each of which should match a process.
    var selectors: [ProcessSelector] {
        routes.map { ProcessSelector(option: "--route", pattern: $0.pattern) }
    }
}

extension MailRoutes.Route {
    /// Parses `PATTERN=ADDRESS[,...]`.
    ///
    /// - Throws: `UsageError` for anything else.
    init(_ value: OptionValue) throws(UsageError) {
        let parts = value.text.split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw value.error(requiring: "PATTERN=ADDRESS, such as shop:*=shop@example.org")
        }
        pattern = ProcessPattern(String(parts[0]))
        recipients = try OptionValue(name: value.name, text: String(parts[1])).mailAddresses()
    }
}

extension OptionKey {
    static let route: OptionKey = "route"
}
