internal import Alerting
internal import ListenerProtocol
internal import System
internal import Text

/// The text of an alert about processes that died together.
enum MassCrash {
    /// The subject, such as `12 processes crashed at 2026-11-20 22:01:43,673`.
    ///
    /// - Parameter incidents: The crashes in order; at least one.
    /// - Returns: The subject.
    static func subject(_ incidents: [Incident]) -> String {
        let time = (incidents.first?.time ?? .now).asctime
        return "\(count(incidents)) processes \(verb(incidents)) at \(time)"
    }

    /// The names of all processes, then superlance's line and the diagnostics of each.
    ///
    /// - Parameter incidents: The crashes in order; at least one.
    /// - Returns: The text.
    static func body(_ incidents: [Incident]) -> String {
        let names = incidents.compactMap { $0.process?.description }.withoutRepetitions()
        let lead = "\(names.count) processes \(verb(incidents)) within two seconds: "
        return "\(lead)\(names.joined(separator: ", "))\n\n\(BatchBody.of(incidents))"
    }

    private static func count(_ incidents: [Incident]) -> Int {
        Set(incidents.map(\.process)).count
    }

    private static func verb(_ incidents: [Incident]) -> String {
        incidents.allSatisfy { $0.kind == .exited } ? "crashed" : "failed"
    }
}
