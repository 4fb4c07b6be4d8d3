internal import ListenerProtocol

/// The processes selected by `-p` and `-a`.
struct ProcessSelection {
    /// The patterns of `-p`.
    let patterns: [ProcessPattern]
    /// Whether all processes are selected.
    let isAny: Bool
    /// The listener itself, which patterns never select.
    let own: ProcessName?

    /// Whether a process is selected.
    func selects(_ process: ProcessName) -> Bool {
        isAny || patterns.contains { $0.matches(process) }
    }
}
