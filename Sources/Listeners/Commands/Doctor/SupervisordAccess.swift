internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System
internal import Text

/// The connection to supervisord as configured, and supervisord's response.
struct SupervisordAccess {
    /// A user name and a password.
    private struct Login: Hashable {
        let user: String
        let password: String
    }

    /// The response.
    enum Answer {
        /// supervisord was not asked, because no connection is configured.
        case notAsked
        /// It is running and has these processes.
        case running([SupervisedProcess])
        /// It does not respond.
        case silent(String)
        /// It rejects the call.
        case rejected(String)
        /// It is running, but the login is known only as a hash.
        case loginUnknown
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
    /// The password, possibly hashed.
    private(set) var password: String?
    /// Logins that may be the one that a hash stands for.
    private var knownLogins: [Login] = []
    /// Problems, each with its section.
    private(set) var mistakes: [(section: String, message: String)] = []
    private(set) var answer = Answer.notAsked
    /// The working directory of the running supervisord; nil if it is unknown.
    private(set) var directory: String?
    /// The configuration that it runs with, if that is another one.
    private(set) var otherConfiguration: String?

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
        if hasHashedPassword { readKnownLogins(&configuration) }
        if configuration["rpcinterface:supervisor"] == nil {
            mistakes.append(
                (
                    "-",
                    "supervisord accepts no calls: add [rpcinterface:supervisor] with "
                        + "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface"
                ))
        }
    }

    /// Reads the sections, asks the supervisord that runs with them, and reads the configuration again
    /// with its environment: it may have variables that this process has not.
    ///
    /// - Parameters:
    ///   - configuration: The configuration; remains as it is if nothing is known of supervisord.
    ///   - deadline: The timeout of each call.
    init(
        askedWith configuration: inout SupervisorConfiguration,
        within deadline: Duration = .seconds(10)
    ) {
        self.init(&configuration)
        guard let process = ask(within: deadline).flatMap({ RunningSupervisord($0) }) else {
            return
        }
        directory = process.directory
        otherConfiguration = process.configuration(besides: configuration.path)
        guard !process.environment.isEmpty else { return }
        configuration = SupervisorConfiguration(
            path: configuration.path, environment: process.environment)
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
            let port = configuration.value("port", of: section) ?? ""
            let parts = port.split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            guard SupervisorConfiguration.acceptsPort(port),
                let number = parts.last.flatMap({ Int($0) })
            else { return nil }
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
            return text.replacingText("//localhost:", with: "//127.0.0.1:")
        }
        return urls.map(plain).contains(plain(url))
    }

    private mutating func readLogin(
        _ section: ConfigurationSection, _ configuration: inout SupervisorConfiguration
    ) {
        user = configuration.value("username", of: section)
        password = configuration.value("password", of: section)
    }

    /// What to do if the password is known only as a hash.
    static let loginRemedy =
        "it is running, but its processes are not known, since its password is hashed: set "
        + "SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD for this command"

    /// That a supervisord with another configuration responds.
    static func isOther(_ configuration: String, at url: String?) -> String {
        "the supervisord at \(url ?? "its URL") runs with \(configuration): change file= or port= of "
            + "one of them, or give that configuration with -c"
    }

    /// Whether the password is the SHA-1 of the real one (Supervisor manual,
    /// "[unix_http_server] Section Settings").
    var hasHashedPassword: Bool { password?.hasPrefix("{SHA}") ?? false }

    /// Collects the logins of `[supervisorctl]`, this process and the listeners.
    private mutating func readKnownLogins(_ configuration: inout SupervisorConfiguration) {
        if let section = configuration["supervisorctl"],
            let user = configuration.value("username", of: section),
            let password = configuration.value("password", of: section)
        {
            knownLogins.append(Login(user: user, password: password))
        }
        let listeners = configuration.programs().filter(\.isListener).map(\.environment)
        for variables in [OwnEnvironment.variables, configuration.commonVariables] + listeners {
            let variables = configuration.commonVariables.merging(variables) { $1 }
            guard let user = variables["SUPERVISOR_USERNAME"],
                let password = variables["SUPERVISOR_PASSWORD"],
                !knownLogins.contains(Login(user: user, password: password))
            else { continue }
            knownLogins.append(Login(user: user, password: password))
        }
        knownLogins.removeAll { $0.user != self.user }
    }

    /// Whether supervisord accepts a login; nil if it does not respond.
    func accepts(_ user: String, _ password: String) -> Bool? {
        guard let client = client(user, password) else { return nil }
        do throws(RPCError) {
            _ = try client.getState()
            return true
        } catch {
            return error == .unauthorized ? false : nil
        }
    }

    private func client(_ user: String?, _ password: String?) -> SupervisorClient? {
        guard let url, let server = try? ServerURL(url) else { return nil }
        return SupervisorClient(server: server, username: user, password: password)
    }

    /// Asks supervisord for its processes.
    ///
    /// - Parameter deadline: The timeout of each call.
    /// - Returns: Its process identifier, if it responds.
    private mutating func ask(within deadline: Duration) -> pid_t? {
        // Without a known login, the response to the hash shows whether it is running.
        let logins = hasHashedPassword ? knownLogins : []
        var pid = ask(logins.first?.user ?? user, logins.first?.password ?? password, deadline)
        for login in logins.dropFirst() {
            guard case .rejected = answer else { break }
            pid = ask(login.user, login.password, deadline)
        }
        if hasHashedPassword, case .rejected = answer { answer = .loginUnknown }
        return pid
    }

    private mutating func ask(
        _ user: String?, _ password: String?, _ deadline: Duration
    ) -> pid_t? {
        guard let client = client(user, password) else { return nil }
        do throws(RPCError) {
            answer = .running(try client.getAllProcessInfo(timeout: deadline))
            let pid = try? client.call("supervisor.getPID", timeout: deadline)
            return pid?.int.flatMap { pid_t(exactly: $0) }
        } catch {
            switch error {
            case .unauthorized:
                answer = .rejected(
                    "supervisord rejected the login of its configuration: restart supervisord, or "
                        + "give the configuration that it runs with by -c")
            case .fault where error.isShuttingDown: answer = .rejected("it is shutting down")
            case .fault: answer = .rejected("\(error)")
            default:
                let reason = "\(error)"
                answer = .silent(
                    reason.replacingText(
                        "or run this listener without user=", with: "or run as root"))
            }
            return nil
        }
    }

    /// supervisord's processes; nil if it is not running.
    var processes: [SupervisedProcess]? {
        if case .running(let processes) = answer { processes } else { nil }
    }
}
