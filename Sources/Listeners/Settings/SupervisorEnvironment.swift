// What the environment says of the supervisord that runs us.

internal import ContainerInit
internal import Curl
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC

/// What the environment says of the supervisord that runs us.
///
/// The Python one sets SUPERVISOR_ENABLED and the names, and SUPERVISOR_SERVER_URL if it has an
/// HTTP server; the Go one sets nothing.
struct SupervisorEnvironment {
    private let environment: [String: String]

    /// The names of all variables, known here or not.
    let variableNames: [String]

    /// Looks at the environment of the process.
    init() {
        let names =
            [
                "SUPERVISOR_ENABLED", "SUPERVISOR_SERVER_URL", "SUPERVISOR_USERNAME",
                "SUPERVISOR_PASSWORD", "SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME",
                "SUPERLANCE_SMTP_PASSWORD", "SUPERLANCE_SILENCE", "CURL_CA_BUNDLE",
                "SSL_CERT_FILE", StatusFile.variable,
            ] + DeliveryOptions.variables
        let pairs = names.compactMap { name in
            unsafe getenv(name).map { (name, unsafe String(cString: $0)) }
        }
        self.init(
            environment: Dictionary(pairs) { $1 }, variableNames: MisspeltVariables.inForce)
    }

    /// Takes any environment.
    init(environment: [String: String], variableNames: [String]? = nil) {
        self.environment = environment
        self.variableNames = variableNames ?? Array(environment.keys)
    }

    /// A variable's value; nothing if it is empty.
    subscript(name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether supervisord has left its marks.
    var isSupervised: Bool {
        environment.keys.contains { $0.hasPrefix("SUPERVISOR_") }
    }

    /// The same under a supervisord that can be called, if there is none.
    var supposingSupervisord: SupervisorEnvironment {
        guard !isSupervised else { return self }
        let url = ["SUPERVISOR_SERVER_URL": "unix:///run/supervisor.sock"]
        return SupervisorEnvironment(environment: environment.merging(url) { $1 })
    }

    /// Whether there may be a supervisord.
    ///
    /// A Go one leaves no marks; but it talks over a pipe that is open, and neither a terminal nor
    /// nothing at all is that.
    var mayBeSupervised: Bool {
        if isSupervised { return true }
        var status = stat()
        guard unsafe fstat(0, &status) == 0, status.st_mode & S_IFMT != S_IFCHR else {
            return false
        }
        var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        let isReady = unsafe poll(&entry, 1, Self.patience) > 0
        return !isReady || entry.revents & Int16(POLLIN) != 0
    }

    /// How long to look whether an input ends at once, in milliseconds.
    private static let patience: Int32 = 100

    /// What to say where there is none.
    static let notSupervised = UsageError(
        "must be run as a supervisor event listener, by the command= of an [eventlistener:x] section"
    )

    /// The listener's own name, which it never acts upon.
    var own: ProcessName? {
        guard let name = self["SUPERVISOR_PROCESS_NAME"] else { return nil }
        return ProcessName(group: self["SUPERVISOR_GROUP_NAME"] ?? name, name: name)
    }

    /// The listener's own name where its events are numbered without gaps.
    ///
    /// The Go host numbers them twice after a listener has been restarted. It does not set
    /// SUPERVISOR_ENABLED, whatever an operator sets by hand.
    var numberedListener: ProcessName? { self["SUPERVISOR_ENABLED"] == nil ? nil : own }

    /// The way to supervisord.
    ///
    /// - Parameters:
    ///   - url: The value of `--server-url`, which stands in for the environment's.
    ///   - authorities: Whom to trust where the way is `https`.
    /// - Returns: The client.
    /// - Throws: `UsageError` when there is none, or when it cannot be understood.
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
                it has no way to supervisord: add [unix_http_server] and [rpcinterface:supervisor] \
                to supervisord.conf, or give --server-url
                """)
        }
        do throws(ServerURL.Malformed) {
            return SupervisorClient(
                server: try ServerURL(text), username: self["SUPERVISOR_USERNAME"],
                password: self["SUPERVISOR_PASSWORD"], caFile: authorities.file)
        } catch {
            throw UsageError("\(url?.name ?? "SUPERVISOR_SERVER_URL"): \(error)")
        }
    }
}
