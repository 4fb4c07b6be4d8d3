// The body of a webhook without a template.

/// The body of a webhook without a template: our own JSON.
struct WebhookFormat: WebFormat {
    /// What makes the JSON.
    let document: AlertDocument

    func body(of alert: Alert) -> [UInt8]? { document.json(alert).bytes }
}
