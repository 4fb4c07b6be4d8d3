// What has been found out about an incident.

internal import Text

/// What has been found out about an incident, by asking around after it was known to have happened.
///
/// Everything may be missing: what could not be found out is not said.
public struct Diagnostics: Hashable, Sendable {
    /// The host.
    public var host: String?

    /// The `identifier` of the supervisord.
    public var supervisor: String?

    /// The status with which the process ended.
    public var exitStatus: Int?

    /// How a signal ended it, in a clause such as `terminated by SIGSEGV (core dumped)`.
    public var signal: String?

    /// How long it had run, in seconds.
    public var uptime: Int?

    /// How often it died lately, in a clause such as `3 in the last hour`.
    public var deaths: String?

    /// Why it could not be started.
    public var spawnError: String?

    /// The file whose end is shown.
    public var logFile: String?

    /// The last lines of that file.
    public var logTail: [String] = []

    /// Why no lines of it are shown, in one clause.
    public var logRefusal: String?

    /// Further paragraphs, such as a chart.
    public var sections: [String] = []

    /// Knows nothing yet, but perhaps the host.
    ///
    /// - Parameter host: The host.
    public init(host: String? = nil) {
        self.host = host
    }

    /// This diagnostics and another one's additions.
    ///
    /// - Parameter other: What has been found out since; it counts where both know something.
    /// - Returns: Both together.
    public func adding(_ other: Diagnostics) -> Diagnostics {
        Diagnostics(records: records + other.records) ?? self
    }

    /// Everything that is known, as the end of a mail; empty if nothing is.
    public var text: String {
        var lines: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value { lines.append("\(name): \(value.withVisibleControls)") }
        }
        add("host", host)
        add("supervisor", supervisor)
        add("exit status", exitStatus.map(String.init))
        add("signal", signal)
        add("uptime", uptime.map(Self.duration))
        add("deaths", deaths)
        add("spawn error", spawnError)
        var paragraphs = lines.isEmpty ? [] : [lines.joined(separator: "\n")]
        paragraphs += sections
        if let logFile, !logTail.isEmpty {
            let tail = logTail.map { "  \($0.withVisibleControls)" }.joined(separator: "\n")
            let count = logTail.count == 1 ? "last line" : "last \(logTail.count) lines"
            paragraphs.append("\(count) of \(logFile.withVisibleControls):\n\(tail)")
        }
        if let logFile, let logRefusal {
            paragraphs.append("\(logFile) is not shown: \(logRefusal)".withVisibleControls)
        }
        return paragraphs.joined(separator: "\n\n")
    }

    /// A number of seconds as people say it.
    package static func duration(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]
        var rest = max(0, seconds)
        var parts: [String] = []
        for (name, length) in units where rest >= length {
            parts.append("\(rest / length) \(name)")
            rest %= length
        }
        // Two units say enough.
        return parts.isEmpty ? "0 s" : parts.prefix(2).joined(separator: " ")
    }
}
