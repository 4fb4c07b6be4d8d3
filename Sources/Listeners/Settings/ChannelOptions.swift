// The options by which all six tools are told whom to tell besides by mail.

/// The options by which all six tools are told whom to tell besides by mail.
enum ChannelOptions {
    /// Where alerts go, and what else leaves the host.
    static let channels = [
        OptionSpecification(
            .webhook, longName: "webhook", placeholder: "URL", occurrence: .repeatable,
            help: "Post alerts here as JSON."),
        OptionSpecification(
            .webhookHeader, longName: "webhook-header", placeholder: "FIELD",
            occurrence: .repeatable, help: "A header field for it, 'Name: value'."),
        OptionSpecification(
            .webhookTemplate, longName: "webhook-template", placeholder: "FILE",
            help: "A Mustache template that makes the JSON."),
        OptionSpecification(
            .slack, longName: "slack", placeholder: "URL",
            help: "Post alerts to this incoming webhook of Slack."),
        OptionSpecification(
            .slackChannel, longName: "slack-channel", placeholder: "CHANNEL",
            help: "The channel there; the webhook's own by default."),
        OptionSpecification(
            .alertmanager, longName: "alertmanager", placeholder: "URL", occurrence: .repeatable,
            help: "Tell this Alertmanager; give each peer of a cluster."),
        OptionSpecification(
            .heartbeat, longName: "heartbeat", placeholder: "URL",
            help: "Get this after each tick that was handled in full."),
        OptionSpecification(
            .metrics, longName: "metrics", placeholder: "FILE",
            help: "Write metrics for Prometheus here; into a directory as LISTENER.prom."),
    ]

    /// What a tool does instead of its work.
    static let actions = [
        OptionSpecification(
            .testAlert, longName: "test-alert",
            help: "Send a test alert by every channel, say what became of it, and exit."),
        OptionSpecification(
            .showConfig, longName: "show-config",
            help: "Show what is in force and where it comes from, and exit."),
    ]

    /// Those whose values must not be seen.
    static let secrets: Set<OptionKey> = [
        .webhook, .webhookHeader, .slack, .alertmanager, .heartbeat,
    ]
}

extension OptionKey {
    static let webhook: OptionKey = "webhook"
    static let webhookHeader: OptionKey = "webhook-header"
    static let webhookTemplate: OptionKey = "webhook-template"
    static let slack: OptionKey = "slack"
    static let slackChannel: OptionKey = "slack-channel"
    static let alertmanager: OptionKey = "alertmanager"
    static let heartbeat: OptionKey = "heartbeat"
    static let metrics: OptionKey = "metrics"
    static let testAlert: OptionKey = "test-alert"
    static let showConfig: OptionKey = "show-config"
}
