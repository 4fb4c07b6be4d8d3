internal import ListenerProtocol

/// The processes that httpok watches: those of `-p` and `-a`, or of a URL's own pattern.
struct ProcessSelection {
    /// The patterns of `-p`.
    let patterns: [ProcessPattern]
    /// Whether all processes are selected.
    let isAny: Bool
    /// The listener itself, which no check is for.
    let own: ProcessName?

    /// Whether `-p` or `-a` selects a process, which may be the listener itself.
    func selects(_ process: ProcessName) -> Bool {
        isAny || patterns.contains { $0.matches(process) }
    }

    /// Whether a check is for a process.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - pattern: The pattern of a URL, which takes the place of `-p` and `-a`.
    /// - Returns: Whether it is selected, and not the listener itself.
    func watches(_ process: ProcessName, by pattern: ProcessPattern?) -> Bool {
        process != own && (pattern?.matches(process) ?? selects(process))
    }
}
