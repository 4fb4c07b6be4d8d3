internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import Text

/// The processes of a configuration and of the supervisord that runs with it.
struct KnownProcesses {
    /// Their names.
    let names: Set<ProcessName>
    /// Those that run, and are no longer in the configuration.
    let removed: Set<ProcessName>

    init(_ programs: [ConfiguredProgram], _ access: SupervisordAccess?) {
        let running = Set((access?.processes ?? []).map(\.processName))
        let configured = Set(programs.flatMap(\.processes))
        names = configured.union(running)
        removed = running.subtracting(configured)
    }

    /// What to write instead of a name or pattern that matches no process.
    ///
    /// - Parameters:
    ///   - text: The name or pattern.
    ///   - isGroup: Whether the name of a group is required.
    /// - Returns: The advice, as one clause.
    func suggestion(for text: String, isGroup: Bool = false) -> String {
        guard !isGroup else { return groupSuggestion(for: text) }
        let members = names.filter { $0.group.isExactly(text) }
        if let first = members.first {
            return members.count > 1 ? "write \(text):*" : "write \(first)"
        }
        let near = names.filter { $0.name.hasPrefix(text) }
        guard let first = near.first else {
            let known = names.flatMap { [$0.description, $0.name] }
            guard let name = NearestName.among(known.sorted(), to: text),
                let right = names.first(where: { [$0.description, $0.name].contains(name) })
            else { return "change the name" }
            return "write \(right)"
        }
        return near.count > 1 ? "write \(text)*" : "write \(first)"
    }

    private func groupSuggestion(for text: String) -> String {
        let own = names.filter { [$0.name, $0.qualifiedName].contains(text) }.map(\.group).min()
        let group = own ?? NearestName.among(Set(names.map(\.group)).sorted(), to: text)
        return group.map { "write its group, \($0)" } ?? "change the name of the group"
    }
}
