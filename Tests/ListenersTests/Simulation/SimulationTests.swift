import Foundation
import Testing

@testable import Listeners

/// What must hold whatever happens: restarts in a model world, with a person who meddles.
///
/// `scripts/simulate` tries more seeds: it sets SIMULATION_SEEDS.
@Suite struct SimulationTests {
    private static let seeds: Range<UInt64> = {
        let count = ProcessInfo.processInfo.environment["SIMULATION_SEEDS"].flatMap { UInt64($0) }
        return 0..<(count ?? 20)
    }()

    @Test func `no restart violates the policy`() {
        var restarts = 0
        for seed in Self.seeds {
            let simulation = Simulation(seed: seed)
            let faults = simulation.run(ticks: 200)
            restarts += simulation.restarts
            if let fault = faults.first { Issue.record("seed \(seed): \(fault)") }
        }
        // A world in which nothing happens proves nothing.
        #expect(restarts > Self.seeds.count)
    }

    @Test func `FATAL programs are started again in time, and end a container only as promised`() {
        var (retries, ends) = (0, 0)
        for seed in Self.seeds {
            let simulation = FatalSimulation(seed: seed)
            simulation.run(steps: 300)
            retries += simulation.retries
            ends += simulation.endCount
            if let fault = simulation.faults.first { Issue.record("seed \(seed): \(fault)") }
        }
        #expect(retries > Self.seeds.count)
        #expect(ends > Self.seeds.count)
    }
}
