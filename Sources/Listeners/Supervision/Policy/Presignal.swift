/// A signal that a process gets before it is stopped, and the time to wait for its effect.
struct Presignal: Hashable, Sendable {
    /// The name for supervisord, such as `USR1`.
    let signal: String
    /// How long to wait, in seconds.
    let wait: Int

    /// The signals of signal(7), section "Standard signals".
    private static let names: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "KILL", "PIPE",
        "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP",
        "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
    ]
}

extension Presignal {
    /// Parses `SIG` or `SIG:TIME`: a name with or without `SIG`, or a number.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        var name = reader.word().uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        let isNumber = Int(name).map { (1...64).contains($0) } ?? false
        guard isNumber || Self.names.contains(name) else {
            throw reader.error(requiring: "a signal such as USR1", at: 0)
        }
        signal = name
        wait = reader.skip(":") ? try reader.seconds() : 0
        try reader.end(requiring: "SIG or SIG:TIME, such as USR1:5s,")
    }
}
