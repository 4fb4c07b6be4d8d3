import Curl
import Testing

@testable import Listeners

struct ExpectationTests {
    @Test(arguments: [(200, true), (204, false), (302, false), (500, false)])
    func `200 is accepted by default`(status: Int, isAccepted: Bool) {
        let response = HTTPResponse(status: status, reason: "")
        #expect(Expectation().failure(of: response) == (isAccepted ? nil : .status))
    }

    @Test func `the status is judged before the body`() throws {
        var expectation = Expectation()
        expectation.statuses = try #require(StatusSet(adding: ["2xx"]))
        let faults = ["the body lacks 'ok'"]
        let accepted = HTTPResponse(status: 204, reason: "No Content")
        #expect(expectation.failure(of: accepted, bodyFaults: faults) == .body(faults))
        let rejected = HTTPResponse(status: 503, reason: "Service Unavailable")
        #expect(expectation.failure(of: rejected, bodyFaults: faults) == .status)
    }
}
