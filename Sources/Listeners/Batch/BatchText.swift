// The text of a mail that tells of several incidents.

internal import Alerting
internal import ListenerProtocol

/// The text of a mail that tells of several incidents: superlance's lines first, one for each, then
/// what has been found out about each.
enum BatchText {
    /// Of more incidents than these only the lines are told.
    static let explained = 50

    /// Puts the text together.
    ///
    /// - Parameter incidents: The incidents, in order.
    /// - Returns: The text, without the last line's end.
    static func of(_ incidents: [Incident]) -> String {
        var paragraphs = [incidents.map(\.message).joined(separator: "\n")]
        for incident in incidents.prefix(explained) {
            let found = incident.diagnostics?.text ?? ""
            guard let process = incident.process, !found.isEmpty else { continue }
            let pid = incident.pid.map { " (pid \($0))" } ?? ""
            let lines = found.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.isEmpty ? "" : "    \($0)" }
            paragraphs.append(
                "\(process.full)\(pid)\n\(lines.joined(separator: "\n"))")
        }
        if incidents.count > explained {
            paragraphs.append(
                "what is known of the other \(incidents.count - explained) is left out")
        }
        return paragraphs.joined(separator: "\n\n")
    }
}
