/// Simulates the Go implementation (ochinchina/supervisord): its XML-RPC interface and the format
/// of its events.
package final class GoHost {
    /// Its XML-RPC interface.
    package let rpc: XMLRPCServer

    /// Starts the interface with a table of processes.
    package init(_ processes: [XMLRPCServer.Entry] = []) throws {
        rpc = try XMLRPCServer(.unix, processes, host: .go)
    }

    /// Starts a tool as the listener of a pool, and reads its first READY.
    ///
    /// The environment has no supervisord variables except those that an operator sets.
    package func start(
        _ tool: Tool, _ arguments: [String], pool: String = "listener", hasServerURL: Bool = true,
        environment: [String: String] = [:]
    ) throws -> Listener {
        let url = hasServerURL ? ["--server-url", rpc.url] : []
        let process = try ChildProcess(
            [tool.path] + url + arguments,
            environment: ChildProcess.environment(adding: environment))
        let listener = Listener(process: process, pool: pool)
        try listener.expect("READY\n")
        return listener
    }

    /// A tool running under this implementation.
    package final class Listener {
        package let process: ChildProcess
        private let pool: String
        private var serial = 0

        init(process: ChildProcess, pool: String) {
            self.process = process
            self.pool = pool
        }

        /// Sends an event and reads the result, after skipping `count` serial numbers.
        package func handle(_ event: EventPayload, skipping count: Int = 0) throws {
            serial += 1 + count
            let frame = EventFrame(
                event.fromGoHost, length: .bytes, serial: serial, poolSerial: serial,
                server: "gohost", pool: pool)
            try process.write(frame.bytes)
            try expect("RESULT 2\nOKREADY\n")
        }

        /// Waits for a text on its stderr.
        package func waitForError(_ words: String) throws {
            try eventually("'\(words)' on stderr, which is: \(process.standardError)") {
                process.standardError.contains(words)
            }
        }

        /// Kills it, as happens to its processes at a shutdown.
        package func kill() {
            process.kill()
        }

        func expect(_ text: String) throws {
            let read = try process.read(text.utf8.count)
            guard read == Array(text.utf8) else {
                throw TestFailure("stdout has \(String(decoding: read, as: UTF8.self))")
            }
        }
    }
}
