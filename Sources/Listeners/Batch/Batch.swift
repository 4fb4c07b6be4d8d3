// Incidents that are told together, once their time has come.

internal import Alerting
internal import System

/// Incidents that are told together, once their time has come.
///
/// Time passes by ticks, as in the original, whether there are incidents or not.
struct Batch {
    /// How old it gets, in minutes.
    let interval: Double

    /// In seconds: sums of fractions of a minute miss the whole by a hair, and so a tick.
    private var age = 0
    private(set) var incidents: [KeptIncident] = []

    init(interval: Double) {
        self.interval = interval
    }

    /// Adds an incident.
    mutating func add(_ incident: KeptIncident) {
        incidents.append(incident)
    }

    /// Removes an incident that has turned out to be none.
    mutating func remove(_ incident: KeptIncident) {
        incidents.removeAll { $0 === incident }
        incident.forget()
    }

    /// Lets time pass.
    ///
    /// - Parameter seconds: How much.
    /// - Returns: Whether its time has come.
    mutating func pass(seconds: Int) -> Bool {
        age = age.addingSaturated(seconds)
        return Double(age) >= interval * 60
    }

    /// Starts anew.
    ///
    /// - Returns: What was collected.
    mutating func take() -> [KeptIncident] {
        defer {
            age = 0
            incidents = []
        }
        return incidents
    }
}
