internal import ListenerProtocol

/// The processes that httpok watches: those of `-p` and `-a`, or of a URL's own pattern.
struct ProcessSelection {
    /// The patterns of `-p`.
    let patterns: [ProcessPattern]
    /// Whether all processes are selected.
    let isAny: Bool
    /// The listener itself, which is never selected.
    let own: ProcessName?

    /// Whether a process is selected.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - pattern: The pattern of a URL, which takes the place of `-p` and `-a`.
    /// - Returns: Whether it is watched, and not the listener itself.
    func selects(_ process: ProcessName, by pattern: ProcessPattern? = nil) -> Bool {
        guard process != own else { return false }
        return pattern?.matches(process) ?? (isAny || patterns.contains { $0.matches(process) })
    }
}
