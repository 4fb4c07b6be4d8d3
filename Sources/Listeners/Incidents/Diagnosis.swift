internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Determines why processes died, and their current state, from supervisord and from log files.
///
/// Each finding is reported at once, so that it is used even if the deadline passes before the
/// rest. supervisord is asked only for these processes, never for the list of all.
///
/// Runs in a worker.
struct Diagnosis {
    /// The incidents, by the numbers under which they are reported.
    let cases: [(number: Int, incident: DiagnosisCase)]
    /// How many lines of each log to include; nil to determine only whether supervisord is shutting
    /// down.
    let lineCount: Int?
    let client: SupervisorClient

    /// The timeout; then the alerts are sent without the rest.
    static let deadline = Duration.seconds(3)

    /// Determines the causes and writes a record for each finding.
    func run() -> Int32 {
        var rest = cases[...]
        do throws(RPCError) {
            guard let lineCount else {
                _ = try client.getState()
                return 0
            }
            let sources = DiagnosisSources(client)
            KillCountRecord(sources.killed).write()
            var known = Diagnostics()
            known.supervisor = try client.getIdentification()
            for (number, _) in cases { DiagnosisReport(number).add(known) }
            while !rest.isEmpty {
                let part = rest.prefix(SupervisorClient.mostInfos)
                let found = try client.infos(of: part.map(\.incident.process))
                let lookups = zip(part, found).compactMap { next, info in
                    info.map { (next.number, CrashLookup(next.incident, $0, sources: sources)) }
                }
                // Reading logs takes longer than all the rest.
                for (number, lookup) in lookups {
                    let report = DiagnosisReport(number)
                    report.add(lookup.ending())
                    report.add(lookup.aftermath())
                }
                for (number, lookup) in lookups {
                    DiagnosisReport(number).add(lookup.logs(lineCount, client))
                }
                rest = rest.dropFirst(part.count)
            }
        } catch {
            guard error.isShuttingDown else { return 0 }
            for (number, _) in rest { DiagnosisReport(number).addShutdown() }
        }
        return 0
    }
}
