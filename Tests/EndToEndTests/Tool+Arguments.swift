// Default arguments for the tools.

import TestSupport

extension Tool {
    /// The tools that only alert and do not require the RPC.
    static let mailers: [Tool] = [.crashmail, .crashmailbatch, .fatalmailbatch, .crashsms]

    /// The batch tools.
    static let collecting: [Tool] = [.crashmailbatch, .fatalmailbatch, .crashsms]

    /// Arguments for one of ``mailers`` to send mail; each tick ends a batch.
    func writing(to recipients: String, from sender: String = "super@example.org") -> [String] {
        self == .crashmail
            ? ["-m", recipients, "--fromEmail", sender]
            : ["-t", recipients, "-f", sender, "-i", "0"]
    }

    /// The event that one of ``mailers`` reports.
    func occasion(_ name: String, group: String? = nil, pid: Int = 2766) -> EventPayload {
        self == .fatalmailbatch
            ? .fatal(name, group: group) : .exited(name, group: group, pid: pid)
    }

    /// The events after which one of ``mailers`` sends a mail.
    func occasions(_ name: String, group: String? = nil, pid: Int = 2766) -> [EventPayload] {
        let occasion = occasion(name, group: group, pid: pid)
        return self == .crashmail ? [occasion] : [occasion, .tick(60)]
    }
}

/// No server is listening there, and none is required.
let nowhere = "unix:///nonexistent/supervisor.sock"

extension RunningTool {
    /// Starts a tool with an unreachable supervisord, and reads its first READY.
    static func ready(
        _ tool: Tool, _ arguments: [String], environment: [String: String] = [:],
        length: EventFrame.Length = .characters
    ) throws -> RunningTool {
        let running = try RunningTool(
            tool, arguments, serverURL: nowhere, environment: environment, length: length)
        try running.waitForReady()
        return running
    }

    /// Sends each event and reads the result.
    func handle(_ events: [EventPayload]) throws {
        for event in events { try handle(event) }
    }

    /// Closes its stdin and returns the rest of stdout and how it ended.
    func finishSilently() throws -> Ending {
        process.closeInput()
        let rest = try process.readToEnd()
        guard rest.isEmpty else {
            throw TestFailure("stdout has \(String(decoding: rest, as: UTF8.self))")
        }
        return try process.waitForExit()
    }
}
