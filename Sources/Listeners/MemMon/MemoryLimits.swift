// Which process may hold how much memory.

internal import ListenerProtocol

/// Which process may hold how much memory.
struct MemoryLimits {
    /// Limits in bytes by name, or by `group:name`.
    var programs: [String: Int] = [:]

    /// Limits in bytes by group.
    var groups: [String: Int] = [:]

    /// The limit in bytes for all processes.
    var any: Int?

    /// Whether nobody has a limit.
    var isEmpty: Bool { programs.isEmpty && groups.isEmpty && any == nil }

    /// The limits that hold for a process; none if nobody asked for it.
    func limits(for process: ProcessName) -> [Int] {
        [programs[process.name], programs[process.full], groups[process.group], any]
            .compactMap { $0 }
    }

    /// What is looked for, as the original logs it before each check.
    var summary: String {
        var lines: [String] = []
        if !programs.isEmpty { lines.append("Checking programs \(Self.list(programs))") }
        if !groups.isEmpty { lines.append("Checking groups \(Self.list(groups))") }
        if let any { lines.append("Checking any=\(any)") }
        return lines.joined(separator: "\n")
    }

    private static func list(_ limits: [String: Int]) -> String {
        limits.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
}
