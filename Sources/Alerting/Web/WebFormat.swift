internal import Curl

/// The request format of a web service.
protocol WebFormat: Sendable {
    /// The requests that send alerts, in order. They are created in a worker.
    ///
    /// If a service cannot accept all alerts in one request, they are sent in several, so that none
    /// is omitted.
    ///
    /// - Parameters:
    ///   - parcel: The alerts.
    ///   - base: A request with everything but its body.
    /// - Returns: The requests; an incident that is in none requires no delivery.
    /// - Throws: ``WebFormatError`` when they cannot be created.
    func requests(
        for parcel: Parcel, by base: HTTPRequest
    ) throws(WebFormatError) -> [WebRequest]

    /// The meaning of a response whose status is a success.
    ///
    /// - Parameter answer: The body of the response.
    /// - Returns: Its meaning.
    func meaning(of answer: [UInt8]) -> ServiceAnswer

    /// What an operator can check if the service rejects requests.
    var rejectionRemedy: String { get }

    /// A secret in the body by which the receiver is known, beside the URL; nil without one.
    var identifyingSecret: String? { get }
}

extension WebFormat {
    /// By default, the status decides.
    func meaning(of answer: [UInt8]) -> ServiceAnswer { .taken }

    /// By default, the URL selects the receiver.
    var rejectionRemedy: String { "check the address and the service" }

    /// By default, the URL says all.
    var identifyingSecret: String? { nil }
}

/// A request, and the incidents that it contains.
struct WebRequest {
    /// The request.
    let request: HTTPRequest

    /// The indices of the incidents among all those of the parcel.
    ///
    /// An incident in several requests is delivered when all of them have succeeded.
    let incidents: Range<Int>

    /// The indices of those that it replaces: they are delivered when it is.
    var replaced: [Int] = []

    /// Whether it decides about an incident.
    func concerns(_ place: Int) -> Bool { incidents.contains(place) || replaced.contains(place) }

    /// Creates a request with a body.
    ///
    /// - Parameters:
    ///   - base: A request with everything but its body.
    ///   - body: The body.
    ///   - incidents: The indices of the incidents that it contains.
    init(_ base: HTTPRequest, body: [UInt8], reporting incidents: Range<Int>) {
        var request = base
        request.body = body
        self.request = request
        self.incidents = incidents
    }
}

/// Why a body cannot be created.
struct WebFormatError: Error {
    /// The reason, as one clause.
    let reason: String

    /// Whether it may be possible later without a change by an operator.
    let mayPass: Bool
}
