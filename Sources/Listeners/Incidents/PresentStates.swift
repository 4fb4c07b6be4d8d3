internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// The states of processes when an alert about their earlier incidents is sent.
///
/// Runs in a worker.
struct PresentStates {
    /// The latest incident of each process.
    let incidents: [Incident]
    let client: SupervisorClient

    /// Writes a record for each state that supervisord reports.
    func run() -> Int32 {
        var rest = incidents[...]
        while !rest.isEmpty {
            let part = rest.prefix(SupervisorClient.mostInfos)
            rest = rest.dropFirst(part.count)
            guard let infos = try? client.infos(of: part.compactMap(\.process)) else { return 0 }
            for (incident, info) in zip(part, infos) {
                guard let process = incident.process, let words = words(incident, info) else {
                    continue
                }
                StateRecord(process: process, words: words).write()
            }
        }
        return 0
    }

    /// The state of a process; nil for data means that a reload has removed it.
    private func words(_ incident: Incident, _ info: SupervisedProcess?) -> String? {
        guard let info else { return SettledState.removed.predicate }
        // supervisord's times are in whole seconds, and it restarts a process within one.
        let former = incident.diagnostics?.state ?? ""
        let wasRestarted = ["restarted", "in BACKOFF"].contains { former.beginsExactly(with: $0) }
        let starts = wasRestarted && info.state == .exited ? 1 : nil
        return Aftermath(info: info, time: incident.time.seconds, starts: starts).words
    }

    /// The incidents with the states of the records; only the latest one of a process has its.
    static func added(_ records: WorkerRecords, to incidents: [Incident]) -> [Incident] {
        var states = Dictionary(
            records.all(StateRecord.self).map { ($0.process, $0.words) }
        ) { $1 }
        var incidents = incidents
        for index in incidents.indices.reversed() {
            guard let process = incidents[index].process,
                let words = states.removeValue(forKey: process)
            else { continue }
            incidents[index].diagnostics?.state = words
        }
        return incidents
    }

    /// The state of a process.
    private struct StateRecord: WorkerRecord {
        static let recordName = "state"

        let process: ProcessName
        let words: String

        init(process: ProcessName, words: String) {
            self.process = process
            self.words = words
        }

        init?(fields: [String]) {
            guard fields.count == 3 else { return nil }
            process = ProcessName(group: fields[0], name: fields[1])
            words = fields[2]
        }

        var fields: [String] { [process.group, process.name, words] }
    }
}
