/// The options for alert channels other than mail, which all tools share.
enum ChannelOptions {
    /// The alert channels.
    static let channels = [
        OptionSpecification(
            .webhook, longName: "webhook", placeholder: "URL", occurrence: .repeatable,
            help: "Post alerts to this URL as JSON."),
        OptionSpecification(
            .webhookHeader, longName: "webhook-header", placeholder: "FIELD",
            occurrence: .repeatable, help: "HTTP header for the webhook, 'Name: value'."),
        OptionSpecification(
            .webhookTemplate, longName: "webhook-template", placeholder: "FILE",
            help: "Mustache template for the webhook's JSON."),
        OptionSpecification(
            .slack, longName: "slack", placeholder: "URL",
            help: "Post alerts to this Slack incoming webhook."),
        OptionSpecification(
            .slackChannel, longName: "slack-channel", placeholder: "CHANNEL",
            help: "Slack channel (default: the webhook's own)."),
        OptionSpecification(
            .alertmanager, longName: "alertmanager", placeholder: "URL", occurrence: .repeatable,
            help: "Send alerts to this Alertmanager; repeat for each peer of a cluster."),
        OptionSpecification(
            .pagerDuty, longName: "pagerduty", placeholder: "KEY",
            help: "Integration key for PagerDuty; prefer SUPERLANCE_PAGERDUTY."),
        OptionSpecification(
            .pagerDutyURL, longName: "pagerduty-url", placeholder: "URL",
            help: "URL of PagerDuty's Events API (default: \(ChannelSettings.pagerDutyURL)).",
            standard: ChannelSettings.pagerDutyURL),
    ]

    /// The monitoring of the tool itself.
    static let monitoring = [
        OptionSpecification(
            .heartbeat, longName: "heartbeat", placeholder: "URL",
            help: "Request this URL after each completed tick."),
        OptionSpecification(
            .metrics, longName: "metrics", placeholder: "FILE",
            help:
                "Write metrics for Prometheus to FILE or, if FILE is a directory, to FILE/LISTENER.prom."
        ),
    ]

    /// The actions that replace the tool's usual work.
    static let actions = [
        OptionSpecification(
            .testAlert, longName: "test-alert",
            help: "Send a test alert through every channel, check the configuration, and exit."),
        OptionSpecification(
            .showConfig, longName: "show-config",
            help: "Show the effective configuration with the origin of each value, and exit."),
    ]

    /// The options whose values must not be shown.
    static let secrets: Set<OptionKey> = [
        .webhook, .webhookHeader, .slack, .alertmanager, .pagerDuty, .heartbeat,
    ]
}

extension OptionKey {
    static let webhook: OptionKey = "webhook"
    static let webhookHeader: OptionKey = "webhook-header"
    static let webhookTemplate: OptionKey = "webhook-template"
    static let slack: OptionKey = "slack"
    static let slackChannel: OptionKey = "slack-channel"
    static let alertmanager: OptionKey = "alertmanager"
    static let pagerDuty: OptionKey = "pagerduty"
    static let pagerDutyURL: OptionKey = "pagerduty-url"
    static let heartbeat: OptionKey = "heartbeat"
    static let metrics: OptionKey = "metrics"
    static let testAlert: OptionKey = "test-alert"
    static let showConfig: OptionKey = "show-config"
}
