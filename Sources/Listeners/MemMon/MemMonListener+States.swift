// The states of processes, for the summary of counted alerts.

internal import Alerting
internal import ListenerProtocol
internal import System

extension MemMonListener {
    /// What the last check has found.
    struct LastCheck {
        /// When its results arrived.
        let time: Timestamp
        /// The states of the processes.
        let states: [ProcessName: ProcessState]
        /// Those that exceed a limit.
        let overfull: Set<ProcessName>
    }

    /// The state now of the process of an incident, as far as it is known.
    ///
    /// - Parameter incident: The latest of counted incidents.
    /// - Returns: The state, as a clause; nil if unknown.
    func presentState(of incident: Incident) -> String? {
        guard let process = incident.process else { return nil }
        if let state = queue.presentState(of: process) { return state }
        // Nothing newer is known.
        guard let lastCheck, lastCheck.time > incident.time else {
            return lastCheck == nil ? nil : incident.diagnostics?.state
        }
        guard let state = lastCheck.states[process] else { return nil }
        guard state == .running else { return state.name }
        return "running, \(lastCheck.overfull.contains(process) ? "over" : "below") its limit"
    }
}
