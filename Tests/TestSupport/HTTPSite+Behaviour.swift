// The responses of a test web site, and the requests it has received.

extension HTTPSite {
    /// How requests are answered; by default with status 200 and a short text.
    package struct Behaviour: Encodable {
        package var status: Int?
        package var reason: String?
        package var body: String?
        package var headers: [String: String]?
        /// Seconds between two bytes of the body.
        package var drip: Double?
        /// The body never ends.
        package var endless: Bool?
        /// There is no response.
        package var hang: Bool?
        /// The whole response, instead of a valid one.
        package var raw: String?
        /// The connection is closed without a response.
        package var close: Bool?
        /// Seconds before the response.
        package var delay: Double?
        /// Separate behaviours for these paths.
        package var paths: [String: Behaviour]?
        /// Separate behaviours for requests whose bodies contain these texts.
        package var bodies: [String: Behaviour]?

        package init(
            status: Int? = nil, reason: String? = nil, body: String? = nil,
            headers: [String: String]? = nil, drip: Double? = nil, endless: Bool? = nil,
            hang: Bool? = nil, close: Bool? = nil, raw: String? = nil, delay: Double? = nil,
            paths: [String: Behaviour]? = nil, bodies: [String: Behaviour]? = nil
        ) {
            self.status = status
            self.reason = reason
            self.body = body
            self.headers = headers
            self.drip = drip
            self.endless = endless
            self.hang = hang
            self.close = close
            self.raw = raw
            self.delay = delay
            self.paths = paths
            self.bodies = bodies
        }
    }

    /// A request.
    package struct Request: Decodable {
        package let method: String
        package let path: String
        package let headers: [String: String]
        package let body: String
    }
}
