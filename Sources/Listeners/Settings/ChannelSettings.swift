internal import Alerting
internal import Curl

/// The settings of ``ChannelOptions``.
struct ChannelSettings {
    /// The channels.
    let channels: [any Channel]

    /// The template for the body of a webhook; nil for our own JSON.
    let template: Template?

    /// The URL to call after each completed tick.
    let heartbeat: WebAddress?

    /// Where to write metrics; nil for nowhere.
    let metrics: MetricsPlace?

    /// Probable mistakes.
    let warnings: [String]

    /// Reads the options.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - origin: The sender of the alerts.
    ///   - authorities: The certificate authorities to trust.
    /// - Throws: `UsageError` for invalid values.
    init(
        _ arguments: ParsedArguments, origin: Origin, authorities: CertificateAuthorities
    ) throws(UsageError) {
        var channels: [any Channel] = []
        var repetitions: [String] = []
        func add(_ channel: some Channel) {
            guard let first = channels.first(where: { $0.identity == channel.identity }) else {
                return channels.append(channel)
            }
            repetitions.append("ignoring a repetition of \(first.name)")
        }
        let fields = try Self.fields(arguments)
        template = try Self.text(arguments, .webhookTemplate, expected: "a file").map {
            Template(file: $0)
        }
        for value in arguments.values(.webhook) {
            var address = try value.webAddress()
            address.others = fields.flatMap {
                $0.value.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
            }
            add(
                WebChannel.webhook(
                    address, fields: fields, template: template, origin: origin,
                    authorities: authorities, besides: channels))
        }
        let slackChannel = try Self.text(arguments, .slackChannel, expected: "a channel")
        if let value = arguments.value(.slack) {
            channels.append(
                WebChannel.slack(
                    try value.webAddress(), channel: slackChannel, origin: origin,
                    authorities: authorities))
        }
        for value in arguments.values(.alertmanager) {
            add(
                WebChannel.alertmanager(
                    try value.webAddress(), origin: origin, authorities: authorities,
                    besides: channels))
        }
        let pagerDutyURL = try arguments.value(.pagerDutyURL)?.webAddress()
        if let key = try arguments.value(.pagerDuty)?.integrationKey() {
            let standard = WebAddress(url: Self.pagerDutyURL, origin: Self.pagerDutyURL)
            channels.append(
                WebChannel.pagerDuty(
                    pagerDutyURL ?? standard, routingKey: key, origin: origin,
                    authorities: authorities))
        }
        self.channels = channels
        warnings = Self.warnings(arguments) + repetitions
        heartbeat = try arguments.value(.heartbeat)?.webAddress()
        metrics = try Self.text(arguments, .metrics, expected: "a file or a directory").map {
            MetricsPlace($0, isShared: arguments.value(.metrics)?.name == "SUPERLANCE_METRICS")
        }
    }

    /// The address of PagerDuty's Events API for accounts in the US.
    static let pagerDutyURL = "https://events.pagerduty.com"

    /// Warns about options that have no effect without another one.
    private static func warnings(_ arguments: ParsedArguments) -> [String] {
        let pairs: [(OptionKey, OptionKey)] = [
            (.webhookHeader, .webhook), (.webhookTemplate, .webhook), (.slackChannel, .slack),
            (.pagerDutyURL, .pagerDuty),
        ]
        return pairs.filter { arguments.has($0) && !arguments.has($1) }
            .map { "--\($0.rawValue) has no effect without --\($1.rawValue)" }
    }

    private static func fields(_ arguments: ParsedArguments) throws(UsageError) -> [HTTPField] {
        var fields: [HTTPField] = []
        for value in arguments.values(.webhookHeader) { fields.append(try value.headerField()) }
        return fields
    }

    private static func text(
        _ arguments: ParsedArguments, _ key: OptionKey, expected: String
    ) throws(UsageError) -> String? {
        try arguments.value(key)?.text(requiring: expected)
    }
}
