import ListenerProtocol
import SupervisorRPC
import Testing

@testable import Listeners

struct OwedStartsTests {
    private let web = ProcessName(group: "site", name: "web")
    private let owed: PendingStarts

    init() throws {
        let server = try ServerURL("unix:///nonexistent/supervisor.sock")
        owed = PendingStarts(client: SupervisorClient(server: server))
    }

    private func note(_ records: [String]..., of debt: PendingStart? = nil) {
        owed.note(records, of: debt) { _ in }
    }

    @Test func `A stop is a debt until the start`() {
        note(["owed", "site", "web"])
        #expect(owed.debts.keys.elementsEqual([web]))
        note(["paid", "site", "web"])
        #expect(owed.debts.isEmpty)
    }

    @Test func `A stop and its start in one answer are no debt`() {
        note(["owed", "site", "web"], ["paid", "site", "web"], ["owed", "site", "job"])
        #expect(owed.debts.keys.elementsEqual([ProcessName(group: "site", name: "job")]))
    }

    @Test func `What was seen is remembered until the next stop`() {
        note(["owed", "site", "web"])
        note(["seen", "site", "web", "200", "7"])
        #expect(owed.debts[web]?.lastSeen == PendingStart.Sight(state: .fatal, start: 7))
        note(["owed", "site", "web"])
        #expect(owed.debts[web]?.lastSeen == nil)
    }

    @Test func `What was found out about an earlier stop does not settle a later one`() throws {
        note(["owed", "site", "web"])
        let earlier = try #require(owed.debts[web])
        note(["owed", "site", "web"])
        note(["paid", "site", "web"], of: earlier)
        #expect(owed.debts[web] != nil)
        note(["paid", "site", "web"], of: owed.debts[web])
        #expect(owed.debts.isEmpty)
        note(["owed", "site", "web"], of: earlier)
        #expect(owed.debts.isEmpty)
    }

    @Test(arguments: [
        [], ["owed"], ["owed", "site"], ["seen", "site", "web"],
        ["seen", "site", "web", "x", "7"], ["seen", "site", "web", "200", ""],
        ["seen", "site", "web", "201", "7"], ["alert", "site", "web"],
    ])
    func `Records that say something else change nothing`(_ record: [String]) {
        note(["owed", "site", "web"])
        note(record)
        #expect(owed.debts.count == 1)
        #expect(owed.debts[web]?.lastSeen == nil)
    }
}
