internal import ListenerProtocol
internal import Text

/// The states of several processes in one line.
package enum JointState {
    /// How many processes of one state are named.
    private static let mostNames = 3

    /// Joins states: `a, b: restarted, running; c: stays down`.
    ///
    /// - Parameter states: The processes and their states, in order.
    /// - Returns: The words; nil if there are none.
    package static func words(_ states: [(process: String, state: String)]) -> String? {
        var groups: [(state: String, names: [String])] = []
        for (process, state) in states {
            if let index = groups.firstIndex(where: { $0.state == state }) {
                groups[index].names.append(process)
            } else {
                groups.append((state, [process]))
            }
        }
        guard !groups.isEmpty else { return nil }
        return groups.map { state, names in
            let list =
                names.count > mostNames
                ? "\(names.count) processes" : names.joined(separator: ", ")
            return "\(list): \(state)"
        }.joined(separator: "; ")
    }

    /// The states of the processes of several incidents, as far as they are known.
    ///
    /// - Parameter incidents: The incidents in order.
    /// - Returns: A line such as `now: 9 processes: restarted, running`; nil if none is known.
    static func line(_ incidents: [Incident]) -> String? {
        var states: [(process: String, state: String)] = []
        for incident in incidents {
            guard let process = incident.process?.description,
                let state = incident.diagnostics?.state
            else { continue }
            // Of a process that died again, the last state.
            states.removeAll { $0.process == process }
            let pid = state.firstRange(ofText: " (pid ")?.lowerBound ?? state.endIndex
            states.append((process, String(state[..<pid])))
        }
        return words(states).map { "now: \($0)" }
    }
}
