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
    /// The URLs of all its servers.
    private(set) var urls: Set<String> = []
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
        for section in configuration.sections {
            urls.formUnion([Self.url(of: section, &configuration)].compactMap { $0 })
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
        // Without a file supervisord does not start, which another check reports.
        guard let path = configuration.value("file", of: section), !path.isEmpty else { return }
        socket = path
        url = Self.url(of: section, &configuration)
        if let mode = configuration.value("chmod", of: section) {
            socketMode = Int(mode, radix: 8) ?? socketMode
        }
        socketOwner = configuration.value("chown", of: section)
        readLogin(section, &configuration)
    }

    private mutating func readPort(
        _ section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) {
        url = Self.url(of: section, &configuration)
        readLogin(section, &configuration)
    }

    /// The URL of a server; nil if the section is not one, or if supervisord does not start with
    /// it.
    private static func url(
        of section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) -> String? {
        switch section.kind {
        case "unix_http_server":
            return configuration.value("file", of: section).map { "unix://\($0)" }
        case "inet_http_server":
            let parts = (configuration.value("port", of: section) ?? "").utf8.split(
                separator: UInt8(ascii: ":"), omittingEmptySubsequences: false
            ).map { String(Substring($0)) }
            guard let number = parts.last.flatMap({ Int($0) }), (1...65_535).contains(number) else {
                return nil
            }
            let host = parts.count > 1 ? parts[0] : ""
            let isAny = ["", "*", "0.0.0.0"].contains(host)
            return "http://\(isAny ? "127.0.0.1" : host):\(number)"
        default:
            return nil
        }
    }

    /// Whether a URL is that of one of its servers.
    func isOwn(_ url: String) -> Bool {
        func plain(_ url: String) -> String {
            let text = (try? ServerURL(url))?.description ?? url
            return text.replacing("//localhost:", with: "//127.0.0.1:")
        }
        return urls.map(plain).contains(plain(url))
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
