/// A tool started over pipes, with the test in the role of supervisord.
package final class RunningTool {
    package let process: ChildProcess
    private let length: EventFrame.Length
    private var serial = 0

    /// Starts a tool as supervisord does; `serverURL` becomes SUPERVISOR_SERVER_URL, and `through`
    /// is a command that runs it.
    package init(
        _ tool: Tool, _ arguments: [String] = [], serverURL: String? = nil,
        environment: [String: String] = [:], length: EventFrame.Length = .characters,
        through command: [String] = []
    ) throws {
        var variables = [
            "SUPERVISOR_ENABLED": "1", "SUPERVISOR_PROCESS_NAME": tool.rawValue,
            "SUPERVISOR_GROUP_NAME": tool.rawValue,
        ]
        variables["SUPERVISOR_SERVER_URL"] = serverURL
        variables.merge(environment) { _, new in new }
        self.length = length
        process = try ChildProcess(
            command + [tool.path] + arguments,
            environment: ChildProcess.environment(adding: variables))
    }

    /// Starts a tool by hand, without supervisord's variables.
    package static func byHand(_ tool: Tool, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess([tool.path] + arguments)
    }

    /// Its log so far, without times and the first line.
    package var wholeLog: String { Self.untimed(process.standardError) }

    /// Its log without warnings about names and supervisord, which may appear at any time.
    package var standardError: String {
        wholeLog.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            ![
                " matches no process: ", " matches no group: ",
                ": cannot call supervisord: ",
            ]
            .contains(where: line.contains)
        }.joined(separator: "\n")
    }

    /// Removes times and the first line from a log.
    package static func untimed(_ log: String) -> String {
        log.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let time = line.prefix(24)
            // An empty line of a text has its time alone.
            let isTime =
                time.count >= 23 && (time.count == 23 || time.last == " ")
                && time.prefix(23).allSatisfy { $0.isNumber || "- :,".contains($0) }
            return isTime ? line.dropFirst(24) : line
        }.filter { !$0.contains(" started: watching ") }.joined(separator: "\n")
    }

    /// Waits for a text on stderr.
    package func waitForError(_ words: String, within duration: Duration = patience) throws {
        try eventually("'\(words)' on stderr, which is: \(standardError)", within: duration) {
            wholeLog.contains(words)
        }
    }

    /// Reads `READY` and its line feed, and nothing else.
    package func waitForReady(within duration: Duration = patience) throws {
        try expect("READY\n", within: duration)
    }

    /// Reads the result OK, and nothing else.
    package func waitForOK(within duration: Duration = patience) throws {
        try expect("RESULT 2\nOK", within: duration)
    }

    /// The next event as a frame with the next serial numbers.
    package func frame(_ event: EventPayload) -> EventFrame {
        serial += 1
        return EventFrame(event, length: length, serial: serial, poolSerial: serial)
    }

    /// Sends the next event.
    package func send(_ event: EventPayload) throws {
        try process.write(frame(event).bytes)
    }

    /// Sends an event after READY, and reads OK and the next READY.
    package func handle(_ event: EventPayload, within duration: Duration = patience) throws {
        try send(event)
        try waitForOK(within: duration)
        try waitForReady(within: duration)
    }

    /// Closes its stdin, as the end of supervisord does, and waits for its exit.
    package func finish(within duration: Duration = patience) throws -> Ending {
        process.closeInput()
        return try process.waitForExit(within: duration)
    }

    private func expect(_ expected: String, within duration: Duration) throws {
        let read = try process.read(expected.utf8.count, within: duration)
        guard read == Array(expected.utf8) else {
            throw TestFailure(
                "stdout has \(String(reflecting: String(decoding: read, as: UTF8.self))),"
                    + " not \(String(reflecting: expected)); stderr: \(standardError)")
        }
    }
}
