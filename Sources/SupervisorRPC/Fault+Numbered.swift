// Fault codes of the Go implementation.

extension Fault {
    /// The code of all faults of the Go implementation (ochinchina/supervisord).
    private static let applicationError = FaultCode(rawValue: -32_500)

    /// The beginnings of its texts, in lower case, and their meaning.
    private static let meanings: [(text: String, code: FaultCode)] = [
        ("no process named", .badName), ("no such process", .badName),
        ("fail to find process", .badName), ("bad_name", .badName),
        ("fail to start process", .abnormalTermination), ("fail to stop process", .failed),
        ("not_running", .notRunning), ("bad_arguments", .badArguments), ("no_file", .noFile),
        ("failed", .failed),
    ]

    /// The fault with supervisord's own code, if the code is not specific and the text is known.
    var numbered: Fault {
        guard code == Self.applicationError else { return self }
        var text = message.lowercased()[...]
        let prefix = "application error: "
        if text.hasPrefix(prefix) { text.removeFirst(prefix.count) }
        let meaning = Self.meanings.first { text.hasPrefix($0.text) }
        return Fault(code: meaning?.code ?? code, message: message)
    }
}
