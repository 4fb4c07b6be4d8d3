internal import ListenerProtocol
internal import Text

/// The text of a mail about several incidents: superlance's line for each, with the states of all
/// below the first one, then the diagnostics of each process.
package enum BatchBody {
    /// How many lines, and how many processes with diagnostics, are shown.
    package static let most = 50

    /// Builds the text.
    ///
    /// - Parameters:
    ///   - incidents: The incidents, in order.
    ///   - hasState: Whether to include the states of all, unless they are shown elsewhere.
    /// - Returns: The text, without the last line feed.
    package static func of(_ incidents: [Incident], hasState: Bool = true) -> String {
        guard incidents.count > 1 else {
            let messages = incidents.map(\.messageWithState)
            return (messages + blocks(incidents)).joined(separator: "\n\n")
        }
        var lines = incidents.map(\.message).limited(to: most)
        // A line of superlance's comes first, as in all mails.
        if hasState, let state = JointState.line(incidents) { lines.insert(state, at: 1) }
        return ([lines.joined(separator: "\n")] + blocks(incidents)).joined(separator: "\n\n")
    }

    /// The first lines, and the number of the others.
    ///
    /// - Parameter lines: The lines.
    /// - Returns: The text.
    package static func lines(_ lines: [String]) -> String {
        lines.limited(to: most).joined(separator: "\n")
    }

    /// The diagnostics of each process, with the count and the span of its incidents.
    private static func blocks(_ incidents: [Incident]) -> [String] {
        var order: [ProcessName] = []
        var processes: [ProcessName: RepeatedIncident] = [:]
        for incident in incidents {
            guard let process = incident.process else { continue }
            guard var repeated = processes[process] else {
                order.append(process)
                processes[process] = RepeatedIncident(incident)
                continue
            }
            let before = repeated.latest.diagnostics
            repeated.add(incident)
            repeated.latest.diagnostics = repeated.latest.diagnostics ?? before
            processes[process] = repeated
        }
        let isSingle = incidents.count == 1
        let blocks = order.compactMap { process in
            processes[process].flatMap { block($0, hasState: !isSingle) }
        }
        let more = blocks.count - most
        return blocks.prefix(most)
            + (more > 0 ? ["the diagnostics of \(more) other processes are omitted"] : [])
    }

    /// The diagnostics of the latest incident of a process, indented below its name; nil if there
    /// are none.
    ///
    /// - Parameters:
    ///   - repeated: The incidents.
    ///   - hasState: Whether to include the state, unless it is shown elsewhere.
    /// - Returns: The paragraphs.
    package static func block(_ repeated: RepeatedIncident, hasState: Bool = true) -> String? {
        let incident = repeated.latest
        let diagnostics = incident.diagnostics
        let found = (hasState ? diagnostics?.text : diagnostics?.textWithoutState) ?? ""
        guard !found.isEmpty else { return nil }
        let name = incident.process?.qualifiedName ?? incident.topic ?? "this listener"
        let pid = incident.pid.map { " (pid \($0))" } ?? ""
        let span = repeated.count > 1 ? ": \(repeated.span)" : ""
        return "\(name)\(pid)\(span)\n\(found.indented)"
    }
}
