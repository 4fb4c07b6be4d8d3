internal import Alerting
internal import System

/// Incidents that are collected and reported together after an interval.
///
/// As in superlance, ticks measure the time, even while there are no incidents.
struct Batch {
    /// The interval in minutes.
    let interval: Double

    /// The age in whole seconds: sums of fractions of a minute would have rounding errors, and
    /// could miss a tick.
    private var age = 0
    private(set) var incidents: [StoredIncident] = []

    init(interval: Double) {
        self.interval = interval
    }

    /// Adds an incident.
    mutating func add(_ incident: StoredIncident) {
        incidents.append(incident)
    }

    /// Removes an incident that has turned out to be none.
    mutating func remove(_ incident: StoredIncident) {
        incidents.removeAll { $0 === incident }
        incident.forget()
    }

    /// Advances the time.
    ///
    /// - Parameter seconds: The seconds that have passed.
    /// - Returns: Whether the interval has passed.
    mutating func pass(seconds: Int) -> Bool {
        age = age.addingSaturated(seconds)
        return Double(age) >= interval * 60
    }

    /// Empties the batch and restarts the interval.
    ///
    /// - Returns: The incidents collected.
    mutating func take() -> [StoredIncident] {
        defer {
            age = 0
            incidents = []
        }
        return incidents
    }
}
