internal import ListenerProtocol

/// The processes that a warning was sent about, so that a fluctuating size causes only one warning.
struct MemoryWarnings {
    private var warned: [ProcessName: ProcessInstance] = [:]

    /// Records the memory of a process.
    ///
    /// - Parameters:
    ///   - instance: The process.
    ///   - size: Its memory in bytes.
    ///   - threshold: The size above which to warn, in bytes.
    /// - Returns: Whether to warn now.
    mutating func take(_ instance: ProcessInstance, _ size: Int, above threshold: Int) -> Bool {
        let isWarned = warned[instance.process] == instance
        if size > threshold {
            warned[instance.process] = instance
            return !isWarned
        }
        // The next warning requires a size below nine tenths first.
        if !isWarned || size < 90.part(of: threshold) { warned[instance.process] = nil }
        return false
    }

    /// Whether a warning was sent about a process, which has not become much smaller since.
    func contains(_ process: ProcessName) -> Bool { warned[process] != nil }

    /// Removes the processes that no longer exist.
    mutating func removeProcesses(unless isKnown: (ProcessName) -> Bool) {
        warned = warned.filter { isKnown($0.key) }
    }
}
