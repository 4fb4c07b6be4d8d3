// A supervisord that is none, for what a true one seldom does.

/// supervisord's XML-RPC interface over a table of processes; it records every call.
package final class XMLRPCServer {
    /// What it listens on.
    package enum Transport {
        case unix, tcp
    }

    /// Which supervisord it plays.
    package enum Host {
        /// That of the Supervisor project.
        case python
        /// ochinchina/supervisord.
        case go
    }

    private let directory: TemporaryDirectory
    private let server: HelperServer
    /// What goes to SUPERVISOR_SERVER_URL.
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

    /// Puts other processes into the table.
    package func set(_ processes: [Entry]) throws {
        try server.tell(["processes": processes])
    }

    /// Puts texts into logs: `supervisord`, `NAME stdout`, `NAME stderr`.
    package func write(_ logs: [String: String]) throws {
        try server.tell(["logs": logs])
    }

    /// Calls are treated like that from now on.
    package func behave(_ behaviour: Behaviour) throws {
        try server.tell(["behave": behaviour])
    }

    /// Is gone, and its socket too.
    package func stop() throws {
        try server.tell(["listen": false])
    }

    /// Is there again.
    package func start() throws {
        try server.tell(["listen": true])
    }

    /// The calls so far that did more than ask.
    package func actions() throws -> [String] {
        try calls().filter { !$0.hasPrefix("get") }
    }

    /// The calls so far, each as its method and parameters: `stopProcess web:web`.
    package func calls() throws -> [String] {
        try server.ask(["calls": true], for: [Call].self).map { call in
            let method = call.method.split(separator: ".").last.map(String.init) ?? call.method
            return ([method] + call.params).joined(separator: " ")
        }
    }

    /// Waits for a call that begins like that, so many times.
    package func waitForCall(
        _ prefix: String, _ count: Int = 1, within duration: Duration = patience
    ) throws {
        try eventually("\(count) times \(prefix); calls: \((try? calls()) ?? [])", within: duration)
        {
            try calls().count { $0.hasPrefix(prefix) } >= count
        }
    }

    /// The processes as they are now.
    package func processes() throws -> [Entry] {
        try server.ask(["table": true], for: [Entry].self)
    }

    private struct Call: Decodable {
        let method: String
        let params: [String]
    }
}
