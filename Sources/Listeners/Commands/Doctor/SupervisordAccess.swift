internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

/// The connection to supervisord as configured, and supervisord's response.
struct SupervisordAccess {
    /// The response.
    enum Answer {
        /// supervisord was not asked, because no connection is configured.
        case notAsked
        /// It is running and has these processes.
        case running([ProcessInfo])
        /// It does not respond.
        case silent(String)
        /// It rejects the call.
        case rejected(String)
    }

    /// The URL that supervisord passes to its programs; nil if there is none.
    private(set) var url: String?
    /// The path of its socket.
    private(set) var socket: String?
    /// The mode of its socket.
    private(set) var socketMode = 0o700
    /// The owner of the socket.
    private(set) var socketOwner: String?
    /// The user name that it requires.
    private(set) var user: String?
    private(set) var password: String?
    /// Problems, each with its section.
    private(set) var mistakes: [(section: String, message: String)] = []
    private(set) var answer = Answer.notAsked

    /// Reads the sections.
    init(_ configuration: inout SupervisorConfiguration) {
        if let section = configuration["unix_http_server"] {
            readSocket(section, &configuration)
        } else if let section = configuration["inet_http_server"] {
            readPort(section, &configuration)
        } else {
            mistakes.append(
                ("-", "there is no server URL: add [unix_http_server] with file="))
        }
        if configuration["rpcinterface:supervisor"] == nil {
            mistakes.append(
                (
                    "-",
                    "supervisord accepts no calls: add [rpcinterface:supervisor] with "
                        + "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface"
                ))
        }
    }

    private mutating func readSocket(
        _ section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) {
        guard let path = configuration.value("file", of: section), !path.isEmpty else {
            mistakes.append((section.name, "file= is missing: name the socket"))
            return
        }
        socket = path
        url = "unix://\(path)"
        if let mode = configuration.value("chmod", of: section) {
            socketMode = Int(mode, radix: 8) ?? socketMode
        }
        socketOwner = configuration.value("chown", of: section)
        readLogin(section, &configuration)
        let folder = path.parentDirectory
        if unsafe access(folder, F_OK) != 0 {
            mistakes.append(
                (section.name, "directory \(folder) of file= does not exist: create it"))
        }
    }

    private mutating func readPort(
        _ section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) {
        guard let port = configuration.value("port", of: section), !port.isEmpty else {
            mistakes.append((section.name, "port= is missing, such as 127.0.0.1:9001"))
            return
        }
        let parts = port.utf8.split(
            separator: UInt8(ascii: ":"), omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        let host = parts.count > 1 ? parts[0] : ""
        guard let number = parts.last.flatMap({ Int($0) }), (1...65_535).contains(number) else {
            mistakes.append((section.name, "port= requires HOST:PORT, such as 127.0.0.1:9001"))
            return
        }
        url = "http://\(["", "*", "0.0.0.0"].contains(host) ? "127.0.0.1" : host):\(number)"
        readLogin(section, &configuration)
    }

    private mutating func readLogin(
        _ section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) {
        user = configuration.value("username", of: section)
        password = configuration.value("password", of: section)
    }

    /// Asks supervisord for its processes.
    ///
    /// - Returns: Its process identifier, if it responds.
    mutating func ask() -> pid_t? {
        guard let url, let server = try? ServerURL(url) else { return nil }
        let client = SupervisorClient(server: server, username: user, password: password)
        do throws(RPCError) {
            answer = .running(try client.getAllProcessInfo())
            return try client.call("supervisor.getPID").int.flatMap { pid_t(exactly: $0) }
        } catch {
            switch error {
            case .fault, .unauthorized: answer = .rejected("\(error)")
            default: answer = .silent("\(error)")
            }
            return nil
        }
    }

    /// supervisord's processes; nil if it is not running.
    var processes: [ProcessInfo]? {
        if case .running(let processes) = answer { processes } else { nil }
    }
}
