internal import Curl

/// The request format of a web service.
protocol WebFormat: Sendable {
    /// The requests that tell alerts, in order. They are made in a worker.
    ///
    /// What a service cannot take in one request goes in several, so that nothing is left out
    /// without a word.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - base: A request with everything but its body.
    /// - Returns: The requests; an alert that is in none has nothing to tell.
    /// - Throws: ``WebFormatError`` when they cannot be made.
    func requests(
        for parcel: Parcel, by base: HTTPRequest
    ) throws(WebFormatError) -> [WebRequest]

    /// What an answer means that says by its status that all is well.
    ///
    /// - Parameter answer: The answer's body.
    /// - Returns: What it means.
    func meaning(of answer: [UInt8]) -> ServiceAnswer
}

extension WebFormat {
    /// By default, the status decides.
    func meaning(of answer: [UInt8]) -> ServiceAnswer { .taken }
}

/// A request, and the alerts that it tells.
struct WebRequest {
    /// The request.
    let request: HTTPRequest

    /// The places of the alerts in the parcel.
    ///
    /// One that is in several requests has arrived when all
    /// of them have.
    let alerts: Range<Int>

    /// A request with a body.
    ///
    /// - Parameters:
    ///   - base: A request with everything but its body.
    ///   - body: The body.
    ///   - alerts: The places of the alerts that it tells.
    init(_ base: HTTPRequest, body: [UInt8], telling alerts: Range<Int>) {
        var request = base
        request.body = body
        self.request = request
        self.alerts = alerts
    }
}

/// Why a body cannot be created.
struct WebFormatError: Error {
    /// The reason, as one clause.
    let reason: String

    /// Whether it may be possible later, without anybody's change.
    let mayPass: Bool
}
