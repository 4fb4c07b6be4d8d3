import Testing

@testable import Alerting

/// A worker's report reaches the parent as it was meant, and nothing else is taken for one.
@Suite struct DeliveryRecordTests {
    static let statuses: [DeliveryStatus] = [
        .accepted, .later("greylisted\tand\nmore"), .later("busy", pause: .seconds(30)),
        .blocked("login refused"), .tooLarge("552", limit: 10_240),
        .tooLarge("413", isCertain: false), .refused("no such hook"),
    ]

    @Test(arguments: statuses)
    func `the fields of a record give the same record`(status: DeliveryStatus) throws {
        let mail = DeliveryRecord("ops@example.org", status, answer: "250 Ok")
        let parsed = try #require(DeliveryRecord<String>(fields: mail.fields))
        #expect(parsed.target == "ops@example.org")
        #expect(parsed.status == status)
        #expect(parsed.answer == "250 Ok")
        let web = DeliveryRecord(3..<7, status)
        #expect(try #require(DeliveryRecord<Range<Int>>(fields: web.fields)).target == 3..<7)
    }

    @Test(arguments: [
        [], ["0-1", "accepted", "", ""], ["0-1", "lost", "", "", ""],
        ["1-0", "accepted", "", "", ""],
        ["0", "accepted", "", "", ""], ["x-1", "accepted", "", "", ""],
        ["0-1-2", "accepted", "", "", ""],
    ])
    func `fields that form no record are ignored`(fields: [String]) {
        #expect(DeliveryRecord<Range<Int>>(fields: fields) == nil)
    }
}
