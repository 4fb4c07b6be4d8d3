internal import ContainerInit
internal import Curl
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC

/// The environment variables that the tools read: those of supervisord, and the operator's.
///
/// The Python implementation sets SUPERVISOR_ENABLED and the names, and SUPERVISOR_SERVER_URL if it
/// has an HTTP server. The Go implementation sets none.
struct ListenerEnvironment {
    private let environment: [String: String]

    /// The names of all variables, including unknown ones.
    let variableNames: [String]

    /// Reads this process's environment.
    init() {
        let names =
            [
                "SUPERVISOR_ENABLED", "SUPERVISOR_SERVER_URL", "SUPERVISOR_USERNAME",
                "SUPERVISOR_PASSWORD", "SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME",
                "SUPERLANCE_SMTP_PASSWORD", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "PATH",
                StatusFile.variable,
            ] + DeliveryOptions.variables
        let pairs = names.compactMap { name in
            unsafe getenv(name).map { (name, unsafe String(cString: $0)) }
        }
        self.init(
            environment: Dictionary(pairs) { $1 }, variableNames: MisspeltVariables.inForce)
    }

    /// Uses the given environment.
    init(environment: [String: String], variableNames: [String]? = nil) {
        self.environment = environment
        self.variableNames = variableNames ?? Array(environment.keys)
    }

    /// A variable's value; nil if it is unset or empty.
    subscript(name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether supervisord's variables are set.
    var isSupervised: Bool {
        environment.keys.contains { $0.hasPrefix("SUPERVISOR_") }
    }

    /// Whether supervisord sets these variables for its own processes only.
    var isStartedProcess: Bool {
        ["SUPERVISOR_ENABLED", "SUPERVISOR_PROCESS_NAME"].contains { environment[$0] != nil }
    }

    /// The same environment with a server URL, if it has none.
    var supposingSupervisord: ListenerEnvironment {
        guard !isSupervised else { return self }
        let url = ["SUPERVISOR_SERVER_URL": "unix:///run/supervisor.sock"]
        return ListenerEnvironment(environment: environment.merging(url) { $1 })
    }

    /// Whether supervisord may have started this process.
    ///
    /// The Go implementation sets no variables, but its listeners have a pipe as standard input,
    /// which is neither a terminal nor closed.
    var mayBeSupervised: Bool {
        if isSupervised { return true }
        var status = stat()
        guard unsafe fstat(0, &status) == 0, status.st_mode & S_IFMT != S_IFCHR else {
            return false
        }
        var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        let isReady = unsafe poll(&entry, 1, Self.timeout) > 0
        return !isReady || entry.revents & Int16(POLLIN) != 0
    }

    /// How long to wait for an input that may end at once, in milliseconds.
    private static let timeout: Int32 = 100

    /// The error outside supervisord.
    static let notSupervised = UsageError(
        "must be run as a supervisor event listener, by the command= of an [eventlistener:x] section"
    )

    /// The listener's own name; it never acts on itself.
    var own: ProcessName? {
        guard let name = self["SUPERVISOR_PROCESS_NAME"] else { return nil }
        return ProcessName(group: self["SUPERVISOR_GROUP_NAME"] ?? name, name: name)
    }

    /// The listener's own name, if its events are numbered without gaps.
    ///
    /// The Go implementation numbers them twice after a listener was restarted. It does not set
    /// SUPERVISOR_ENABLED, even if an operator sets other variables.
    var numberedListener: ProcessName? { self["SUPERVISOR_ENABLED"] == nil ? nil : own }

    /// Creates the connection to supervisord.
    ///
    /// - Parameters:
    ///   - url: The value of `--server-url`, which overrides the environment.
    ///   - authorities: The certificate authorities to trust for `https`.
    /// - Returns: The client.
    /// - Throws: `UsageError` when there is no URL, or when it is invalid.
    func client(
        url: OptionValue?, authorities: CertificateAuthorities
    ) throws(UsageError) -> SupervisorClient {
        guard let text = url?.text ?? self["SUPERVISOR_SERVER_URL"] else {
            guard mayBeSupervised else { throw Self.notSupervised }
            guard self["SUPERVISOR_ENABLED"] != nil else {
                throw UsageError(
                    "--server-url is missing: this supervisord does not set SUPERVISOR_SERVER_URL; "
                        + "give --server-url unix:///path/to/supervisor.sock or http://host:port")
            }
            throw UsageError(
                """
                no server URL: add [unix_http_server] and [rpcinterface:supervisor] \
                to supervisord.conf, or give --server-url
                """)
        }
        do throws(ServerURL.ParseError) {
            return SupervisorClient(
                server: try ServerURL(text), username: self["SUPERVISOR_USERNAME"],
                password: self["SUPERVISOR_PASSWORD"], caFile: authorities.file)
        } catch {
            throw UsageError("\(url?.name ?? "SUPERVISOR_SERVER_URL"): \(error)")
        }
    }
}
