internal import ListenerProtocol

/// The memory limits of processes.
struct MemoryLimits {
    /// Limits by name, or by `group:name`.
    var programs = MemoryLimitList()

    /// Limits of each process of a group, by group.
    var groups = MemoryLimitList()

    /// Limits of all processes of a group together, by group.
    var totals = MemoryLimitList()

    /// The limit of all processes.
    var any: MemorySize?

    /// The option and its value for the limit of all processes, such as `-a 1GB`.
    var anyText = ""

    /// Whether only the most specific limit of a process applies.
    var isMostSpecific = false

    /// The total memory in bytes.
    var total = Int.max

    /// Whether there are no limits.
    var isEmpty: Bool { !hasOwn && totals.isEmpty }

    /// Whether processes have limits of their own, not only with their group.
    var hasOwn: Bool { !programs.isEmpty || !groups.isEmpty || any != nil }

    /// Whether a limit is a percentage of the total memory.
    var isRelative: Bool {
        any?.isRelative == true
            || [programs, groups, totals].contains {
                $0.entries.values.contains { $0.size.isRelative }
            }
    }

    /// The limit of a process in bytes, the lowest of several; nil if it has none.
    func limit(for process: ProcessName) -> Int? {
        limits(for: process).min()
    }

    /// The limits of a process in bytes; empty if it has none.
    func limits(for process: ProcessName) -> [Int] {
        // The most specific limit first.
        let kinds = [
            programs.named(process.name, process.qualifiedName),
            programs.matching { $0.matches(process) },
            groups.named(process.group),
            groups.matching { $0.matches(group: process.group) },
            any.map { [$0] } ?? [],
        ]
        let sizes =
            isMostSpecific ? kinds.first { !$0.isEmpty } ?? [] : kinds.flatMap { $0 }
        return sizes.map { $0.bytes(of: total) }
    }

    /// The limit of all processes of a group together, in bytes.
    func totalLimit(for group: String) -> Int? {
        let named = totals.named(group)
        let sizes =
            isMostSpecific && !named.isEmpty
            ? named : named + totals.matching { $0.matches(group: group) }
        return sizes.map { $0.bytes(of: total) }.min()
    }

    /// Whether a process has a limit, of its own or with its group.
    func watches(_ process: ProcessName) -> Bool {
        limit(for: process) != nil || totalLimit(for: process.group) != nil
    }

    /// All limits in one line.
    var description: String {
        let parts = [
            programs.isEmpty ? nil : "programs \(programs.summary(of: total))",
            groups.isEmpty ? nil : "groups \(groups.summary(of: total))",
            any.map { "any=\($0.bytes(of: total))" },
            totals.isEmpty ? nil : "group totals \(totals.summary(of: total))",
        ].compactMap { $0 }
        return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
    }

    /// The names that must match a process or a group.
    var selectors: [ProcessSelector] {
        programs.sorted.map { ProcessSelector(option: "-p", pattern: $0.pattern) }
            + groups.sorted.map {
                ProcessSelector(option: "-g", pattern: $0.pattern, isGroup: true)
            }
            + totals.sorted.map {
                ProcessSelector(option: "--group-total", pattern: $0.pattern, isGroup: true)
            }
    }
}
