internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC

/// The processes of a configuration and of the supervisord that runs with it.
struct KnownProcesses {
    /// Their names.
    let names: Set<ProcessName>

    init(_ programs: [ConfiguredProgram], _ access: SupervisordAccess?) {
        let running = access?.processes ?? []
        names = Set(programs.flatMap(\.processes) + running.map(\.processName))
    }

    /// What to write instead of a name or pattern that matches no process.
    func suggestion(for text: String) -> String {
        let near = names.filter { $0.group == text || $0.name.hasPrefix(text) }
            .sorted { $0.full < $1.full }
        guard let first = near.first else { return "change the name" }
        return near.count > 1 ? "write \(text)* or \(first.group):*" : "write \(first)"
    }
}
