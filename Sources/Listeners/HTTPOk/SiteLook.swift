// Looks at the programs of a site that is not well. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Looks at the programs of a site that is not well.
struct SiteLook {
    let options: HTTPOkOptions
    let client: SupervisorClient
    /// The processes that the check stands for; none for those that the options select.
    let processes: [ProcessName]

    /// What can be said of the place.
    struct Place: WorkerRecord {
        static let recordName = "place"

        let diagnostics: Diagnostics

        var fields: [String] {
            [String(decoding: diagnostics.records.flatMap(TextRecord.encode), as: UTF8.self)]
        }

        init(_ diagnostics: Diagnostics) {
            self.diagnostics = diagnostics
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            diagnostics =
                Diagnostics(records: TextRecord.parse(Array(fields[0].utf8))) ?? Diagnostics()
        }
    }

    /// Programs that do not exist.
    struct MissingProgram: WorkerRecord {
        static let recordName = "missing"

        let name: String

        var fields: [String] { [name] }

        init(name: String) {
            self.name = name
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            name = fields[0]
        }
    }

    /// Why the processes cannot be seen.
    static let failure = "processes"
    /// supervisord is shutting down.
    static let shutdown = "shutdown"

    /// Looks, and writes what it finds out.
    func run() -> Int32 {
        let context = ProcessContext(client: client, lineCount: options.logLines)
        Place(context.diagnostics()).write()
        if let path = options.policy.silenceFile { SilenceRecord(reading: path).write() }
        do throws(RPCError) {
            let infos = try client.getAllProcessInfo()
            for info in infos where selects(info.namespec) { ObservedProcess(info).write() }
            let missing = options.selection.patterns.filter { pattern in
                processes.isEmpty && !infos.contains { pattern.matches($0.namespec) }
            }
            for name in missing { MissingProgram(name: name.description).write() }
        } catch {
            if case .fault(let fault) = error, fault.code == .shutdownState {
                // Sites go down with their programs.
                CheckFailure(
                    check: Self.shutdown,
                    text: "not acting and not telling, supervisord is shutting down"
                ).write()
            } else {
                CheckFailure(
                    check: Self.failure,
                    text: "Exception retrieving process info \(error), not acting"
                ).write()
            }
        }
        return 0
    }

    private func selects(_ process: ProcessName) -> Bool {
        processes.isEmpty ? options.selection.selects(process) : processes.contains(process)
    }
}
