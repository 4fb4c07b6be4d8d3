// Which processes -p and -a mean.

internal import ListenerProtocol

/// Which processes `-p` and `-a` mean.
struct ProcessSelection {
    /// The patterns of `-p`.
    let patterns: [ProcessPattern]
    /// Whether all processes are meant.
    let isAny: Bool
    /// The listener itself, which is never meant by a pattern.
    let own: ProcessName?

    /// Whether a process is meant.
    func selects(_ process: ProcessName) -> Bool {
        isAny || patterns.contains { $0.matches(process) }
    }
}
