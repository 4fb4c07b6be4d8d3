import Testing

@testable import Alerting

/// When an alert about several processes is divided.
@Suite struct IncidentStatusesTests {
    private func statuses(
        _ statuses: [DeliveryStatus], isDivided: Bool = false, isAnswered: Bool = true
    ) -> IncidentStatuses {
        IncidentStatuses(statuses: statuses, isDivided: isDivided, isAnswered: isAnswered)
    }

    @Test func `an alert of which a part was accepted is divided`() {
        let mixed = statuses([.accepted, .later("500")])
        #expect(mixed.requireDivision(after: 0))
        #expect(mixed.joint == .later("500"))
        #expect(!statuses([.accepted, .accepted]).requireDivision(after: 9))
    }

    @Test func `a rejected alert is divided at once, and one incident is not`() {
        #expect(statuses([.refused("400"), .refused("400")]).requireDivision(after: 0))
        #expect(!statuses([.refused("400")]).requireDivision(after: 9))
    }

    @Test func `an alert in one request is divided after three responses that are failures`() {
        let later = Array(repeating: DeliveryStatus.later("500"), count: 8)
        #expect(
            (0...3).map { statuses(later).requireDivision(after: $0) } == [
                false, false, true, true,
            ])
        #expect(statuses(later, isDivided: true).requireDivision(after: 0))
        // A service that is down gets it as one message.
        #expect(!statuses(later, isDivided: true, isAnswered: false).requireDivision(after: 9))
    }
}
