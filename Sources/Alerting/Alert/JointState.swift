internal import ListenerProtocol
internal import Text

/// The states of several processes in one line.
package enum JointState {
    /// How many processes of one state are named.
    private static let mostNames = 3

    /// Joins states: `all 9 restarted, running`, or `12 restarted, running; a: stopped on request`.
    ///
    /// - Parameters:
    ///   - states: The processes and their states, in order.
    ///   - unknown: The number of further processes, of which no state is known.
    /// - Returns: The words; nil if no state is known.
    package static func words(
        _ states: [(process: String, state: String)], unknown: Int = 0
    ) -> String? {
        var groups: [(state: String, names: [String])] = []
        for (process, state) in states {
            if let index = groups.firstIndex(where: { $0.state == state }) {
                groups[index].names.append(process)
            } else {
                groups.append((state, [process]))
            }
        }
        guard !groups.isEmpty else { return nil }
        let isCommon = groups.count == 1 && unknown == 0
        let parts = groups.map { words($0.names, $0.state, isAll: isCommon) }
        return (parts + (unknown > 0 ? ["\(unknown) unknown"] : [])).joined(separator: "; ")
    }

    /// A state, with the processes that are in it.
    private static func words(_ names: [String], _ state: String, isAll: Bool) -> String {
        let state = names.count > 1 ? StateClause.several(state) : state
        guard names.count > mostNames else { return "\(names.joined(separator: ", ")): \(state)" }
        return isAll ? "all \(names.count) \(state)" : "\(names.count) \(state)"
    }

    /// The states of the processes of several incidents, as far as they are known.
    ///
    /// - Parameter incidents: The incidents in order.
    /// - Returns: A line such as `now: all 9 restarted, running`; nil if none is known.
    package static func line(_ incidents: [Incident]) -> String? {
        var states: [(process: String, state: String)] = []
        for incident in incidents {
            guard let process = subject(of: incident) else { continue }
            // Of a process that died again, only the last state is true.
            states.removeAll { $0.process == process }
            guard let state = incident.diagnostics?.state else { continue }
            let pid = state.firstRange(ofText: " (pid ")?.lowerBound ?? state.endIndex
            states.append((process, String(state[..<pid])))
        }
        let processes = Set(incidents.compactMap(subject))
        return words(states, unknown: processes.count - states.count).map { "now: \($0)" }
    }

    /// What an incident is about: a URL, or a process.
    private static func subject(of incident: Incident) -> String? {
        incident.check?.url ?? incident.process?.description
    }
}
