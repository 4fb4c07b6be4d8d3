// The lane of a channel that keeps what is wrong.

import EventLoop
import ListenerProtocol
import System
import Testing

@testable import Alerting

@Suite struct StatefulChannelTests {
    private struct Keeper: Channel {
        let name = "keeper"
        let targets = ["all"]
        let tracksResolution = true

        func attempt(_ parcel: Parcel, to targets: [String]) -> Attempt {
            Attempt(program: .shell("true"), input: [], deadline: .seconds(1)) { _ in [:] }
        }
    }

    private func entry(_ number: Int, _ process: String = "web") -> QueuedAlert {
        let name = ProcessName(group: process, name: process)
        let alert = Alert(
            subject: "\(number)", body: "", time: .now,
            incidents: [Incident(.exited, at: .now, to: name, message: "it crashed")])
        return QueuedAlert(PendingAlert(alert, remaining: [:], spool: nil), number: number)
    }

    private func begin(
        _ lane: DeliveryQueue, _ number: Int, isFinishing: Bool = false
    ) -> [Int] {
        lane.begin(number, at: .now, isFinishing: isFinishing, room: 1_000_000).map(\.number)
    }

    @Test(arguments: [false, true])
    func `alerts are sent together, in order, one attempt at a time`(isFinishing: Bool) {
        let lane = DeliveryQueue(channel: Keeper(), targets: ["all"])
        lane.add(entry(2))
        lane.add(entry(1))
        #expect(begin(lane, 7, isFinishing: isFinishing) == [1, 2])
        lane.add(entry(3))
        #expect(begin(lane, 8, isFinishing: isFinishing).isEmpty)
        lane.end(7)
        lane.open(asProbe: false)
        #expect(begin(lane, 9, isFinishing: isFinishing) == [3])
    }

    @Test func `a failed alert is sent before later ones`() {
        let lane = DeliveryQueue(channel: Keeper(), targets: ["all"])
        lane.add(entry(1))
        let failed = lane.begin(7, at: .now, isFinishing: false, room: 1_000_000)
        lane.add(entry(2))
        lane.end(7)
        lane.close(with: failed, of: 1, at: .now, isFinishing: false) { _ in .zero }
        #expect(begin(lane, 8) == [1, 2])
    }

    @Test func `an alert that always fails delays only alerts about the same process`() {
        let lane = DeliveryQueue(channel: Keeper(), targets: ["all"])
        lane.add(entry(1, "web"))
        lane.add(entry(2, "job"))
        lane.add(entry(3, "web"))
        let now = Instant.now
        let web = lane.waiting[0]
        _ = lane.removeOldest()
        for _ in 1...2 {
            var failed = lane.waiting.first { $0.number == 1 } ?? web
            failed.maximumBatch = 1
            if lane.waiting.first?.number == 1 { _ = lane.removeOldest() }
            lane.close(with: [failed], of: 1, at: now, isFinishing: false) { _ in .zero }
        }
        var suspect = lane.removeOldest()[0]
        suspect.retryAt = now + .seconds(60)
        lane.add(suspect)
        let next = lane.begin(9, at: now, isFinishing: false, room: 1_000_000)
        #expect(next.map(\.number) == [2])
    }
}
