// A listener under test, with the test in supervisord's place.

/// One of the tools, started over pipes.
package final class RunningTool {
    package let process: ChildProcess
    private let length: EventFrame.Length
    private var serial = 0

    /// Starts a tool as supervisord does; `serverURL` becomes SUPERVISOR_SERVER_URL.
    package init(
        _ tool: Tool, _ arguments: [String] = [], serverURL: String? = nil,
        environment: [String: String] = [:], length: EventFrame.Length = .characters
    ) throws {
        var variables = [
            "SUPERVISOR_ENABLED": "1", "SUPERVISOR_PROCESS_NAME": tool.rawValue,
            "SUPERVISOR_GROUP_NAME": tool.rawValue,
        ]
        variables["SUPERVISOR_SERVER_URL"] = serverURL
        variables.merge(environment) { _, new in new }
        self.length = length
        process = try ChildProcess(
            [tool.path] + arguments, environment: ChildProcess.environment(adding: variables))
    }

    /// Starts a tool by hand: nothing of supervisord's is in its environment.
    package static func byHand(_ tool: Tool, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess([tool.path] + arguments)
    }

    /// What it has logged so far, without the time of each line and the line at the start.
    package var wholeLog: String { Self.untimed(process.standardError) }

    /// The same without warnings about names and supervisord, which come whenever they come.
    package var standardError: String {
        wholeLog.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            ![
                " matches no process: ", " matches no group: ",
                ": cannot ask supervisord, which is ",
            ]
            .contains(where: line.contains)
        }.joined(separator: "\n")
    }

    /// A log without the time of each line and the line at the start.
    package static func untimed(_ log: String) -> String {
        log.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let time = line.prefix(24)
            let isTime =
                time.count == 24 && time.last == " "
                && time.prefix(23).allSatisfy { $0.isNumber || "- :,".contains($0) }
            return isTime ? line.dropFirst(24) : line
        }.filter { !$0.contains(" started: watches ") }.joined(separator: "\n")
    }

    /// Waits for words on stderr.
    package func waitForError(_ words: String, within duration: Duration = patience) throws {
        try eventually("'\(words)' on stderr, which is: \(standardError)", within: duration) {
            wholeLog.contains(words)
        }
    }

    /// Reads `READY` and its newline, and nothing else.
    package func waitForReady(within duration: Duration = patience) throws {
        try expect("READY\n", within: duration)
    }

    /// Reads the answer OK, and nothing else.
    package func waitForOK(within duration: Duration = patience) throws {
        try expect("RESULT 2\nOK", within: duration)
    }

    /// The next event as a frame, numbered.
    package func frame(_ event: EventPayload) -> EventFrame {
        serial += 1
        return EventFrame(event, length: length, serial: serial, poolSerial: serial)
    }

    /// Sends the next event.
    package func send(_ event: EventPayload) throws {
        try process.write(frame(event).bytes)
    }

    /// One round as supervisord plays it: READY was read, an event goes out, OK and READY come
    /// back.
    package func handle(_ event: EventPayload, within duration: Duration = patience) throws {
        try send(event)
        try waitForOK(within: duration)
        try waitForReady(within: duration)
    }

    /// Ends its stdin, as the end of supervisord does, and waits for its end.
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
