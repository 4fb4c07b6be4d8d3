internal import ListenerProtocol
internal import System
internal import Text

/// The text of an alert about processes that died together.
package enum MassCrash {
    /// The subject, such as `12 processes crashed at 2026-11-20 22:01:43,673`.
    ///
    /// - Parameter incidents: The crashes in order; at least one.
    /// - Returns: The subject.
    package static func subject(_ incidents: [Incident]) -> String {
        let time = (incidents.first?.time ?? .now).asctime
        return "\(count(incidents)) processes \(verb(incidents)) at \(time)"
    }

    /// The names of all processes and their states, then superlance's line and the diagnostics of
    /// each.
    ///
    /// - Parameter incidents: The crashes in order; at least one.
    /// - Returns: The text.
    package static func body(_ incidents: [Incident]) -> String {
        let names = incidents.compactMap { $0.process?.description }.withoutRepetitions()
        let lead = "\(names.count) processes \(verb(incidents)) within two seconds: "
        let state = JointState.line(incidents).map { "\n\($0)" } ?? ""
        let rest = BatchBody.of(incidents, hasState: false)
        return "\(lead)\(names.joined(separator: ", "))\(state)\n\n\(rest)"
    }

    /// The subject for some of the crashes, of one process or of several.
    static func subject(ofPart incidents: [Incident]) -> String {
        count(incidents) == 1 ? incidents[0].crashSubject ?? subject(incidents) : subject(incidents)
    }

    /// The text for some of the crashes, of one process or of several.
    static func body(ofPart incidents: [Incident]) -> String {
        guard count(incidents) == 1 else { return body(incidents) }
        return incidents.count == 1 ? incidents[0].text : BatchBody.of(incidents)
    }

    private static func count(_ incidents: [Incident]) -> Int {
        Set(incidents.map(\.process)).count
    }

    private static func verb(_ incidents: [Incident]) -> String {
        incidents.allSatisfy { $0.kind == .exited } ? "crashed" : "failed"
    }
}
