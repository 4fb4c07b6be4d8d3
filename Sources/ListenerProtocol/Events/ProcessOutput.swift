internal import Text

/// Output of a process on one of its streams.
///
/// Source: Supervisor manual, "PROCESS_LOG Event Type" and "PROCESS_COMMUNICATION Event Type".
public struct ProcessOutput: Hashable, Sendable {
    /// A stream.
    public enum Stream: String, Sendable {
        /// Standard output.
        case stdout
        /// Standard error.
        case stderr
    }

    /// The process.
    public let process: ProcessName

    /// Whether it comes from the Go implementation (ochinchina/supervisord), whose events have an
    /// empty `groupname`.
    public let isFromGoSupervisord: Bool

    /// The process identifier.
    public let pid: Int?

    /// The stream.
    public let stream: Stream

    /// The output, which may begin and end anywhere, even within a line or a character.
    public let data: [UInt8]

    /// Parses the payload of a `PROCESS_LOG` or `PROCESS_COMMUNICATION` event.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the process's name is missing.
    init(_ event: Event) throws(PayloadError) {
        let (tokens, data) = event.tokensAndData
        guard let name = tokens["processname"], !name.isEmpty else {
            throw PayloadError(event.name, lacks: "a processname")
        }
        process = ProcessName(group: tokens["groupname"] ?? name, name: name)
        isFromGoSupervisord = !process.hasGroup
        pid = tokens.number("pid")
        stream =
            tokens["channel"].flatMap(Stream.init)
            ?? (event.name.rawValue.endsExactly(with: "STDERR") ? .stderr : .stdout)
        self.data = data
    }
}
