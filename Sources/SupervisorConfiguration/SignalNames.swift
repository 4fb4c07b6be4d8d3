/// The signals that supervisord accepts: those of Python's module `signal` on Linux (signal(7)).
enum SignalNames {
    private static let names: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
        "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "RTMAX", "RTMIN", "SEGV", "STKFLT", "STOP",
        "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH",
        "XCPU", "XFSZ",
    ]

    /// Whether a text is a name, possibly with `SIG`, or a number.
    static func contain(_ text: String) -> Bool {
        if let number = PythonInteger.parse(text) {
            // The C library keeps 32 and 33 for itself; Python names only the ends of the others.
            return (0...31).contains(number) || [34, 64].contains(number)
        }
        let name = text.filter { !$0.isWhitespace }.uppercased()
        return names.contains(name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name)
    }
}
