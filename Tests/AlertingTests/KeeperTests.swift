// The lane of a channel that keeps what is wrong.

import EventLoop
import System
import Testing

@testable import Alerting

@Suite struct KeeperTests {
    private struct Keeper: Channel {
        let name = "keeper"
        let targets = ["all"]
        let tracksResolution = true

        func attempt(_ alert: Alert, to targets: [String]) -> Attempt {
            Attempt(program: .shell("true"), input: [], deadline: .seconds(1)) { _ in [:] }
        }
    }

    private func entry(_ number: Int) -> QueuedAlert {
        let alert = Alert(subject: "\(number)", body: "", time: .now)
        return QueuedAlert(PendingAlert(alert, owed: [:], spool: nil), number: number)
    }

    @Test(arguments: [false, true])
    func `alerts go out together, in order, and one attempt at a time`(isFinishing: Bool) {
        let lane = DeliveryQueue(channel: Keeper(), targets: ["all"])
        lane.add(entry(2))
        lane.add(entry(1))
        let first = lane.begin(at: .now, isFinishing: isFinishing)
        #expect(first.map(\.number) == [1, 2])
        lane.add(entry(3))
        #expect(lane.begin(at: .now, isFinishing: isFinishing).isEmpty)
        lane.succeed(asProbe: false)
        #expect(lane.begin(at: .now, isFinishing: isFinishing).map(\.number) == [3])
    }

    @Test func `what failed goes before what came later`() {
        let lane = DeliveryQueue(channel: Keeper(), targets: ["all"])
        lane.add(entry(1))
        let failed = lane.begin(at: .now, isFinishing: false)
        lane.add(entry(2))
        lane.end()
        lane.close(with: failed, at: .now, isFinishing: false) { _ in .zero }
        #expect(lane.begin(at: .now, isFinishing: false).map(\.number) == [1, 2])
    }
}
