internal import Curl

/// The body of a webhook without a template: our own JSON, one request for all alerts.
struct WebhookFormat: WebFormat {
    /// Creates the JSON.
    let document: AlertDocument

    func requests(for parcel: Parcel, by base: HTTPRequest) -> [WebRequest] {
        [WebRequest(base, body: document.json(parcel).bytes, reporting: parcel.incidentIndices)]
    }
}
