internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Checks the programs of httpok between failures: whether another client has stopped one that
/// restarts have not helped, and which have failed by themselves.
///
/// Runs in a worker. `CheckPlan` applies `-e` and `-E`.
struct ProgramStateQuery {
    let options: HTTPOkOptions
    let client: SupervisorClient

    /// A program that has exited unexpectedly.
    struct Failed: WorkerRecord {
        static let recordName = "failed"

        let process: ProcessName

        var fields: [String] { [process.group, process.name] }

        init(process: ProcessName) {
            self.process = process
        }

        init?(fields: [String]) {
            guard fields.count == 2 else { return nil }
            process = ProcessName(group: fields[0], name: fields[1])
        }
    }

    /// Checks, and writes the findings.
    func run() -> Int32 {
        if let path = options.policy.silenceFile { SilenceRecord(reading: path).write() }
        do throws(RPCError) {
            let infos = try client.getAllProcessInfo().filter { options.selects($0.processName) }
            ObservedProcess.write(infos)
            guard options.startsFailed else { return 0 }
            let expected = infos.contains { $0.state == .exited } ? client.exitCodes() : [:]
            for info in infos where hasFailed(info, expected) {
                Failed(process: info.processName).write()
            }
        } catch {
            CheckFailure(key: "-x", text: "cannot get the programs: \(error)").write()
        }
        return 0
    }

    private func hasFailed(_ info: SupervisedProcess, _ expected: [ProcessName: [Int]]) -> Bool {
        switch info.state {
        case .fatal: true
        case .exited: !(expected[info.processName] ?? [0]).contains(info.exitStatus)
        default: false
        }
    }
}
