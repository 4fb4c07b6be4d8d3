internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

/// Checks a configuration: the file, supervisord itself, and each of our listeners.
struct Examination {
    /// The findings so far.
    private(set) var findings: [Finding] = []

    var configuration: SupervisorConfiguration
    private let sends: Bool

    /// Prepares the checks.
    ///
    /// - Parameters:
    ///   - path: The main file of the configuration.
    ///   - sends: Whether to send test alerts.
    init(path: String, sends: Bool) {
        self.sends = sends
        // Without a running supervisord, this process's environment is the best approximation.
        configuration = SupervisorConfiguration(path: path, environment: OwnEnvironment.variables)
    }

    /// Runs all checks.
    mutating func run() {
        guard configuration.isRead else { return examineFile() }
        let access = SupervisordAccess(askedWith: &configuration)
        let programs = configuration.programs()
        configuration.check(programs)
        let listeners = programs.filter { ListenerExamination.command(of: $0) != nil }
        examineFile()
        examineSections()
        examineLogs(programs)
        examinePermissions(programs)
        examine(access, needed: listeners.contains { ListenerExamination.requiresRPC($0) })
        if listeners.isEmpty {
            let isKnown = programs.allSatisfy { !$0.isListener || $0.command != nil }
            add(
                "-", "listeners", .note,
                isKnown
                    ? "no section runs one of superlance's tools"
                    : "a section with an invalid command= is not checked")
        }
        for listener in programs
        where ListenerExamination.command(of: listener) != nil
            || listener.isListener
        {
            let examination = ListenerExamination(
                listener, in: configuration, programs: programs, access: access, sends: sends)
            findings += examination.findingsAsListener()
        }
    }

    mutating func add(
        _ section: String, _ check: String, _ result: Finding.Result, _ message: String
    ) {
        findings.append(
            Finding(section: section, check: check, result: result, message: message))
    }

    // MARK: The file

    private mutating func examineFile() {
        for mistake in configuration.mistakes {
            add(mistake.section ?? "-", "file", .fault, mistake.message)
        }
        for doubt in configuration.doubts {
            add(doubt.section ?? "-", "file", .note, doubt.message)
        }
        if configuration.mistakes.isEmpty {
            let count = configuration.files.count
            let others = count > 1 ? " and \(count - 1) included" : ""
            add("-", "file", .ok, "\(configuration.path)\(others)")
        }
    }

    /// Reports sections that supervisord ignores because of their names.
    private mutating func examineSections() {
        for section in configuration.sections {
            let (kind, name) = (section.kind, section.ownName)
            let isNamed = Self.namedKinds.contains(kind)
            guard isNamed ? name == nil : !Self.kinds.contains(kind) else { continue }
            let nearest =
                isNamed
                ? kind : NearestName.among((Self.namedKinds + Self.kinds).sorted(), to: kind)
            guard let nearest else { continue }
            let right = Self.namedKinds.contains(nearest) ? "\(nearest):\(name ?? "NAME")" : nearest
            add(
                section.name, "section", .warning,
                "supervisord ignores this section: write [\(right)]")
        }
    }

    /// The kinds of sections without and with a name (Supervisor manual, "Configuration File").
    private static let kinds = [
        "supervisord", "supervisorctl", "unix_http_server", "inet_http_server", "include",
    ]
    private static let namedKinds = [
        "program", "fcgi-program", "eventlistener", "group", "rpcinterface", "ctlplugin",
    ]

    // MARK: supervisord

    private mutating func examine(_ access: SupervisordAccess, needed: Bool) {
        for (section, message) in access.mistakes {
            add(section, "server", needed ? .fault : .warning, message)
        }
        switch access.answer {
        case .running(let processes):
            add(
                "supervisord", "running", .ok,
                "it manages \(processes.count) \(processes.count == 1 ? "process" : "processes")")
        case .notAsked:
            break
        case .silent(let reason):
            add("supervisord", "running", .note, "it is not running or does not respond: \(reason)")
        case .rejected(let reason):
            add("supervisord", "running", .fault, reason)
        case .loginUnknown:
            add("supervisord", "running", .note, SupervisordAccess.loginRemedy)
        }
        if let other = access.otherConfiguration {
            add(
                "supervisord", "running", .warning,
                SupervisordAccess.isOther(other, at: access.url))
        }
        let user = configuration["supervisord"].flatMap { configuration.value("user", of: $0) }
        if user == nil && geteuid() == 0 {
            add("supervisord", "user", .note, "it runs as root, and so do listeners without user=")
        }
    }
}
