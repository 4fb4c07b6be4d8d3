internal import ListenerProtocol
internal import Text

/// The memory limits of processes.
struct MemoryLimits {
    /// Limits in bytes by name, or by `group:name`.
    var programs: [ExactText: Int] = [:]

    /// Limits in bytes by group.
    var groups: [ExactText: Int] = [:]

    /// The limit in bytes for all processes.
    var any: Int?

    /// Whether nobody has a limit.
    var isEmpty: Bool { programs.isEmpty && groups.isEmpty && any == nil }

    /// The limits that hold for a process; none if nobody asked for it.
    func limits(for process: ProcessName) -> [Int] {
        let named = [process.name, process.full].map { self.programs[ExactText($0)] }
        return (named + [groups[ExactText(process.group)], any]).compactMap { $0 }
    }

    /// The limits as superlance logs them before each check.
    var summary: String {
        var lines: [String] = []
        if !programs.isEmpty { lines.append("Checking programs \(Self.list(programs))") }
        if !groups.isEmpty { lines.append("Checking groups \(Self.list(groups))") }
        if let any { lines.append("Checking any=\(any)") }
        return lines.joined(separator: "\n")
    }

    /// All limits in one line.
    var description: String {
        let parts = [
            programs.isEmpty ? nil : "programs \(Self.list(programs))",
            groups.isEmpty ? nil : "groups \(Self.list(groups))", any.map { "any=\($0)" },
        ].compactMap { $0 }
        return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
    }

    /// The names that should match a process or a group.
    var selectors: [ProcessSelector] {
        programs.keys.map(\.text).sorted().map {
            ProcessSelector(option: "-p", pattern: ProcessPattern($0))
        }
            + groups.keys.map(\.text).sorted().map {
                ProcessSelector(option: "-g", pattern: ProcessPattern($0), isGroup: true)
            }
    }

    private static func list(_ limits: [ExactText: Int]) -> String {
        limits.map { (name: $0.key.text, limit: $0.value) }.sorted { $0 < $1 }
            .map { "\($0.name)=\($0.limit)" }.joined(separator: ", ")
    }
}
