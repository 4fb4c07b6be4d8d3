/// Simulates supervisord's XML-RPC interface with a table of processes, for behaviour that a real
/// one seldom shows; records all calls.
package final class XMLRPCServer {
    /// The socket that it listens on.
    package enum Transport {
        case unix, tcp
    }

    /// The implementation that it simulates.
    package enum Host {
        /// The Supervisor project's.
        case python
        /// ochinchina/supervisord.
        case go
    }

    private let directory: TemporaryDirectory
    private let server: HelperServer
    /// The value for SUPERVISOR_SERVER_URL.
    package let url: String

    package init(
        _ transport: Transport = .unix, _ processes: [Entry] = [], host: Host = .python
    ) throws {
        directory = try TemporaryDirectory()
        let path = directory.path("rpc.sock")
        server = try HelperServer(
            "xmlrpc_server.py",
            (host == .go ? ["--go"] : []) + (transport == .unix ? [path] : []))
        let port = try server.greeting(HelperServer.Port.self).port
        url = transport == .unix ? "unix://\(path)" : "http://127.0.0.1:\(port)"
        try set(processes)
    }

    /// Replaces the process table.
    package func set(_ processes: [Entry]) throws {
        try server.tell(["processes": processes])
    }

    /// Sets the contents of logs: `supervisord`, `NAME stdout`, `NAME stderr`.
    package func write(_ logs: [String: String]) throws {
        try server.tell(["logs": logs])
    }

    /// Sets the behaviour for further calls.
    package func behave(_ behaviour: Behaviour) throws {
        try server.tell(["behave": behaviour])
    }

    /// Stops listening and removes its socket.
    package func stop() throws {
        try server.tell(["listen": false])
    }

    /// Listens again.
    package func start() throws {
        try server.tell(["listen": true])
    }

    /// The calls so far that change something.
    package func actions() throws -> [String] {
        try calls().filter { !$0.hasPrefix("get") && !$0.hasPrefix("readLog ") }
    }

    /// The calls so far, each as its method and parameters: `stopProcess web:web`.
    package func calls() throws -> [String] {
        try server.ask(["calls": true], for: [Call].self).map { call in
            let method = call.method.split(separator: ".").last.map(String.init) ?? call.method
            return ([method] + call.params).joined(separator: " ")
        }
    }

    /// Waits for a number of calls that begin with a text.
    package func waitForCall(
        _ prefix: String, _ count: Int = 1, within duration: Duration = patience
    ) throws {
        try eventually("\(count) times \(prefix); calls: \((try? calls()) ?? [])", within: duration)
        {
            try calls().count { $0.hasPrefix(prefix) } >= count
        }
    }

    /// The current processes.
    package func processes() throws -> [Entry] {
        try server.ask(["table": true], for: [Entry].self)
    }

    private struct Call: Decodable {
        let method: String
        let params: [String]
    }
}
