internal import Curl
internal import EventLoop
internal import System

/// One delivery to a web service, in a worker: one request after the other, each with its own
/// status.
struct WebDelivery {
    let address: WebAddress
    let format: any WebFormat
    let base: HTTPRequest

    /// The time after which no further request begins; the remaining alerts are sent by the next
    /// attempt.
    static let retryTimeout = Duration.seconds(300)

    /// The maximum number of bytes that are read from a response.
    private static let answerLimit = 65_536

    /// The time for the body of a response, whose status is the result in most cases.
    private static let bodyTimeout = Duration.seconds(5)

    /// Delivers alerts, and reports the status of each incident to the parent.
    func run(_ parcel: Parcel) {
        let all = parcel.incidentIndices
        let requests: [WebRequest]
        do throws(WebFormatError) {
            requests = try format.requests(for: parcel, by: base)
        } catch {
            return report(Self.status(of: error), of: all)
        }
        // An incident without a request has nothing to send.
        for place in all where !requests.contains(where: { $0.concerns(place) }) {
            report(.accepted, of: place..<(place + 1))
        }
        let end = Instant.now + Self.retryTimeout
        for (number, request) in requests.enumerated() {
            let (status, answer) = send(request)
            report(status, of: request, answer: answer)
            let rest = requests[(number + 1)...]
            // The remaining requests would fail in the same way.
            guard status.letsOthersPass else { return report(status, of: rest) }
            guard rest.isEmpty || .now < end else {
                let reason = "\(address) took too long for more than \(number + 1) requests"
                return report(.later(reason), of: rest)
            }
        }
    }

    private func report(_ status: DeliveryStatus, of incidents: Range<Int>, answer: String = "") {
        DeliveryRecord(incidents, status, answer: answer).write()
    }

    private func report(_ status: DeliveryStatus, of requests: ArraySlice<WebRequest>) {
        for request in requests { report(status, of: request) }
    }

    private func report(_ status: DeliveryStatus, of request: WebRequest, answer: String = "") {
        report(status, of: request.incidents, answer: answer)
        for place in request.replaced { report(status, of: place..<(place + 1)) }
    }

    private static func status(of error: WebFormatError) -> DeliveryStatus {
        error.mayPass
            ? .later(error.reason) : .blocked("\(error.reason); check --webhook-template")
    }

    private func send(_ request: WebRequest) -> (status: DeliveryStatus, answer: String) {
        let size = request.request.body.count
        guard size <= Outbox.largestMessage else {
            return (.tooLarge("\(address): \(size) bytes are too many for a request"), "")
        }
        var answer: [UInt8] = []
        do throws(CurlError) {
            var request = request.request
            request.bodyTimeout = Self.bodyTimeout
            let head = try request.perform { chunk in
                answer += chunk
                // The rest of the body does not change the result.
                return answer.count < Self.answerLimit
            }
            let response = HTTPResponse(
                status: head.status, reason: head.reason, fields: head.fields, body: answer)
            return (status(of: response), WebStatus.said(response, from: address))
        } catch {
            return (WebStatus.of(error, from: address), "")
        }
    }

    private func status(of answer: HTTPResponse) -> DeliveryStatus {
        let status = WebStatus.of(answer, from: address, at: .now)
        guard status == .accepted else { return status }
        let reason = "\(address) returned \(WebStatus.said(answer, from: address))"
        return switch format.meaning(of: answer.body) {
        case .taken: .accepted
        case .limited(let pause): .later(reason, pause: pause)
        case .declined: .blocked("\(reason); check the address, the template and the service")
        }
    }
}

extension DeliveryStatus {
    /// Whether another message may succeed at this time.
    fileprivate var letsOthersPass: Bool {
        switch self {
        case .accepted, .tooLarge, .refused: true
        case .later, .blocked: false
        }
    }
}
