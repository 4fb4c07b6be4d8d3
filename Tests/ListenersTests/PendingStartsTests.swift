import ListenerProtocol
import SupervisorRPC
import Testing

@testable import Listeners

struct PendingStartsTests {
    private let web = ProcessName(group: "site", name: "web")
    private let job = ProcessName(group: "site", name: "job")
    private let starts: PendingStarts

    init() throws {
        let server = try ServerURL("unix:///nonexistent/supervisor.sock")
        starts = PendingStarts(client: SupervisorClient(server: server))
    }

    private func note(
        _ process: ProcessName, _ event: PendingStartRecord.Event, of retried: PendingStart? = nil
    ) {
        starts.note([PendingStartRecord(process: process, event: event)], of: retried) { _ in }
    }

    @Test func `A start is pending from the stop on`() {
        note(web, .stopping(start: 7))
        #expect(starts.all.keys.elementsEqual([web]))
        note(web, .settled)
        #expect(starts.all.isEmpty)
    }

    @Test func `A stop and its start in one record leave nothing pending`() {
        let events: [(ProcessName, PendingStartRecord.Event)] = [
            (web, .stopping(start: 7)), (web, .settled), (job, .stopping(start: 8)),
        ]
        starts.note(events.map(PendingStartRecord.init)) { _ in }
        #expect(starts.all.keys.elementsEqual([job]))
    }

    @Test func `Observations are kept until the next stop`() {
        note(web, .stopping(start: 7))
        #expect(starts.all[web]?.lastSeen == PendingStart.Sight(state: .stopping, start: 7))
        note(web, .seen(.fatal, start: 9))
        #expect(starts.all[web]?.lastSeen == PendingStart.Sight(state: .fatal, start: 9))
        note(web, .stopping(start: 10))
        #expect(starts.all[web]?.lastSeen == PendingStart.Sight(state: .stopping, start: 10))
    }

    @Test func `Findings about an earlier stop do not resolve a later one`() throws {
        note(web, .stopping(start: 7))
        let earlier = try #require(starts.all[web])
        note(web, .stopping(start: 8))
        note(web, .settled, of: earlier)
        #expect(starts.all[web] != nil)
        note(web, .settled, of: starts.all[web])
        #expect(starts.all.isEmpty)
        note(web, .stopping(start: 9), of: earlier)
        #expect(starts.all.isEmpty)
    }

    @Test(arguments: [
        [], ["site"], ["site", "web"], ["site", "web", "owed"], ["site", "web", "owed", "x"],
        ["site", "web", "settled", "1"], ["site", "web", "seen", "x", "7"],
        ["site", "web", "seen", "200", ""], ["site", "web", "seen", "201", "7"],
        ["site", "web", "lost"],
    ])
    func `Invalid records are ignored`(_ fields: [String]) {
        #expect(PendingStartRecord(fields: fields) == nil)
    }

    @Test(arguments: [
        PendingStartRecord.Event.stopping(start: 7), .settled, .seen(.fatal, start: 9),
    ])
    func `A record is parsed as it was written`(_ event: PendingStartRecord.Event) {
        let record = PendingStartRecord(process: web, event: event)
        #expect(PendingStartRecord(fields: record.fields) == record)
    }
}
