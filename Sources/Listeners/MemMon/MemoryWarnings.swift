// Which processes somebody was warned about.

internal import ListenerProtocol

/// Which processes somebody was warned about, so that a size that wavers warns once.
struct MemoryWarnings {
    private var warned: [ProcessName: ProcessInstance] = [:]

    /// Takes what a process holds.
    ///
    /// - Parameters:
    ///   - instance: The process.
    ///   - size: What it holds, in bytes.
    ///   - threshold: From where on to warn, in bytes.
    /// - Returns: Whether to warn now.
    mutating func take(_ instance: ProcessInstance, _ size: Int, above threshold: Int) -> Bool {
        let isWarned = warned[instance.process] == instance
        if size > threshold {
            warned[instance.process] = instance
            return !isWarned
        }
        // Armed again below nine tenths only.
        if !isWarned || size < 90.part(of: threshold) { warned[instance.process] = nil }
        return false
    }

    /// Whether somebody was warned about a process that has not become much smaller since.
    func contains(_ process: ProcessName) -> Bool { warned[process] != nil }

    /// Forgets the processes that are not there any more.
    mutating func keep(_ isKnown: (ProcessName) -> Bool) {
        warned = warned.filter { isKnown($0.key) }
    }
}
