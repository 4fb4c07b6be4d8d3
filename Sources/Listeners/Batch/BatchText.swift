internal import Alerting
internal import ListenerProtocol

/// The text of a mail about several incidents: superlance's lines first, one for each incident,
/// then the diagnostics.
enum BatchText {
    /// How many incidents are shown with diagnostics; of the others only the line is.
    static let explained = 50

    /// Builds the text.
    ///
    /// - Parameter incidents: The incidents, in order.
    /// - Returns: The text, without the last line feed.
    static func of(_ incidents: [Incident]) -> String {
        let isSingle = incidents.count == 1
        var paragraphs = [
            incidents.map(isSingle ? \.messageWithState : \.message).joined(separator: "\n")
        ]
        for incident in incidents.prefix(explained) {
            let diagnostics = incident.diagnostics
            let found = (isSingle ? diagnostics?.textWithoutState : diagnostics?.text) ?? ""
            guard let process = incident.process, !found.isEmpty else { continue }
            paragraphs.append(block(process.full, incident.pid, found))
        }
        if incidents.count > explained {
            paragraphs.append(
                "details of the other \(incidents.count - explained) are omitted")
        }
        return paragraphs.joined(separator: "\n\n")
    }

    /// The diagnostics of one incident, indented below its name.
    ///
    /// - Parameters:
    ///   - name: The name of the process, or the URL.
    ///   - pid: The process identifier.
    ///   - found: The diagnostics.
    /// - Returns: The paragraphs.
    static func block(_ name: String, _ pid: Int?, _ found: String) -> String {
        let heading = name + (pid.map { " (pid \($0))" } ?? "")
        let lines = found.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "    \($0)" }
        return "\(heading)\n\(lines.joined(separator: "\n"))"
    }
}
