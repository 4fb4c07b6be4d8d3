internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

/// Checks one listener: its section, its command line and what it depends on.
struct ListenerExamination {
    /// The findings so far.
    private(set) var findings: [Finding] = []

    private let listener: ConfiguredProgram
    private let configuration: SupervisorConfiguration
    private let programs: [ConfiguredProgram]
    private let access: SupervisordAccess
    private let sends: Bool

    init(
        _ listener: ConfiguredProgram, in configuration: SupervisorConfiguration,
        programs: [ConfiguredProgram], access: SupervisordAccess, sends: Bool
    ) {
        self.listener = listener
        self.configuration = configuration
        self.programs = programs
        self.access = access
        self.sends = sends
    }

    // MARK: The tool

    /// Returns the tool that a section runs, and the words after its name.
    ///
    /// It may be preceded by an interpreter or a shell's `exec`.
    static func tool(of program: ConfiguredProgram) -> (tool: Tool, words: [String])? {
        guard let command = program.command else { return nil }
        for (index, word) in command.prefix(4).enumerated() {
            let name = word.split(separator: "/").last.map(String.init) ?? word
            let plain = name.hasPrefix("superlance.") ? String(name.dropFirst(11)) : name
            if let tool = Tool.all.first(where: { $0.name == plain }) {
                return (tool, Array(command.dropFirst(index + 1)))
            }
        }
        return nil
    }

    /// Whether the section's tool cannot work without calls to supervisord.
    static func requiresRPC(_ program: ConfiguredProgram) -> Bool {
        guard let (tool, words) = tool(of: program) else { return false }
        let arguments =
            (try? tool.options.parse(words)) ?? ParsedArguments(occurrences: [], operands: [])
        return tool.needs(arguments).requiresRPC
    }

    private mutating func add(_ check: String, _ result: Finding.Result, _ message: String) {
        findings.append(
            Finding(section: listener.section.name, check: check, result: result, message: message))
    }

    private mutating func addOK(_ check: String, since count: Int, _ message: String) {
        if findings.count == count { add(check, .ok, message) }
    }

    // MARK: All checks

    /// Runs all checks.
    mutating func run() {
        guard let (tool, words) = Self.tool(of: listener) else { return }
        guard listener.isListener else {
            return add(
                "section", .fault,
                "\(tool.name) is an event listener: name the section [eventlistener:\(listener.section.ownName ?? tool.name)]"
            )
        }
        examineSection()
        examineProgram()
        examineState()
        guard let settings = examineCommand(tool, words) else { return }
        let needs = tool.needs(settings.arguments)
        examineEvents(needs)
        examineAccess(needs)
        examineNames(settings.arguments)
        examineFolders(settings)
        examineChannels(settings)
    }

    // MARK: The section

    private mutating func examineSection() {
        let count = findings.count
        let settings = listener.settings
        if let size = Int(settings["buffer_size"] ?? "10"), size < 100 {
            add(
                "buffer_size", .warning,
                "supervisord buffers \(size) events and drops the oldest: set buffer_size=1024")
        }
        if settings["startsecs"] == "0" {
            add(
                "startsecs", .warning,
                "with startsecs=0 an invalid command is restarted forever: remove startsecs=")
        }
        if ["false", "off", "no", "0"].contains(settings["autorestart"]?.lowercased()) {
            add(
                "autorestart", .warning,
                "supervisord does not restart the listener if it exits: remove autorestart=")
        }
        if ["false", "off", "no", "0"].contains(settings["autostart"]?.lowercased()) {
            add("autostart", .note, "supervisord does not start it automatically: autostart=false")
        }
        if ["true", "on", "yes", "1"].contains(settings["redirect_stderr"]?.lowercased()) {
            add(
                "redirect_stderr", .fault,
                "supervisord does not start: remove redirect_stderr=, which is invalid for a listener"
            )
        }
        if (Int(settings["numprocs"] ?? "1") ?? 1) > 1 {
            add(
                "numprocs", .warning,
                "each event goes to one of \(listener.processes.count) processes: remove numprocs=")
        }
        if let name = settings["user"], UserIdentity(named: name) == nil {
            add("user", .fault, "user \(name) does not exist: change user=")
        }
        if let folder = settings["directory"], unsafe Glibc.access(folder, X_OK) != 0 {
            add("directory", .fault, "directory \(folder) does not exist: change directory=")
        }
        for key in listener.section.settings.keys.sorted() where !Self.settings.contains(key) {
            add("setting", .warning, "supervisord has no \(key)=: correct its name, or remove it")
        }
        addOK("section", since: count, "its settings are valid for a listener")
    }

    /// The settings that a section may have (Supervisor manual, "[program:x]" and
    /// "[eventlistener:x] Section Settings").
    private static let settings: Set<String> = [
        "command", "process_name", "numprocs", "numprocs_start", "events", "buffer_size",
        "priority", "autostart", "autorestart", "startsecs", "startretries", "exitcodes",
        "stopsignal", "stopwaitsecs", "stopasgroup", "killasgroup", "user", "redirect_stderr",
        "stdout_logfile", "stdout_logfile_maxbytes", "stdout_logfile_backups",
        "stdout_capture_maxbytes", "stdout_events_enabled", "stdout_syslog", "stderr_logfile",
        "stderr_logfile_maxbytes", "stderr_logfile_backups", "stderr_capture_maxbytes",
        "stderr_events_enabled", "stderr_syslog", "environment", "directory", "umask",
        "serverurl", "result_handler",
    ]

    private var identity: UserIdentity? {
        let own = configuration["supervisord"]?.settings["user"]?.text
        return (listener.settings["user"] ?? own).flatMap { UserIdentity(named: $0) }
    }

    // MARK: The program

    private mutating func examineProgram() {
        guard let program = listener.command?.first else { return }
        let path = configuration.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        guard let found = Self.find(program, path) else {
            return add(
                "program", .fault,
                "cannot find \(program) in \(path): write its full path in command=")
        }
        let code = UserIdentity.access(found, X_OK, as: identity)
        guard code == 0 else {
            return add(
                "program", .fault,
                "\(found) cannot be run: \(SystemError.words(for: code))")
        }
        add("program", .ok, found)
    }

    /// Returns the path of a program.
    private static func find(_ program: String, _ path: String) -> String? {
        let places =
            program.contains("/")
            ? [program] : path.split(separator: ":").map { "\($0)/\(program)" }
        return places.first { unsafe Glibc.access($0, F_OK) == 0 }
    }

    private mutating func examineState() {
        guard let processes = access.processes else { return }
        for name in listener.processes {
            guard let info = processes.first(where: { $0.processName == name }) else {
                add("state", .warning, "supervisord has not loaded it: run supervisorctl update")
                continue
            }
            switch info.state {
            case .fatal:
                add("state", .fault, "\(name) is FATAL: see its stderr log")
            case .unknown: add("state", .fault, "\(name) is UNKNOWN: restart it")
            case .backoff, .exited:
                add("state", .warning, "\(name) is \(info.state.name): see its log")
            case .stopped: add("state", .note, "\(name) is STOPPED")
            default: add("state", .ok, "\(name) is \(info.state.name)")
            }
        }
    }

    // MARK: The command line

    private mutating func examineCommand(_ tool: Tool, _ words: [String]) -> Settings? {
        let count = findings.count
        do throws(UsageError) {
            let arguments = try tool.options.parse(words)
            let settings = try Settings(
                arguments, of: tool.options,
                environment: SupervisorEnvironment(environment: environment),
                mailer: tool.mailer)
            if let fault = settings.other.template?.fault(for: settings.origin) {
                throw UsageError("--webhook-template: \(fault)")
            }
            _ = try tool.prepare(settings)
            for warning in settings.warnings { add("command", .warning, warning) }
            if settings.channels.isEmpty && settings.other.metrics == nil {
                add("channels", .note, "it sends no alerts: there are no recipients")
            }
            addOK("command", since: count, tool.name)
            return settings
        } catch {
            add("command", .fault, "\(error)")
            return nil
        }
    }

    /// The environment that supervisord gives to the listener.
    private var environment: [String: String] {
        var variables = configuration.environment
        if let text = configuration["supervisord"]?.settings["environment"]?.text {
            let pairs = SupervisorConfiguration.variables(in: text) ?? [:]
            variables.merge(pairs) { $1 }
        }
        variables.merge(listener.environment) { $1 }
        let name = listener.processes.first?.name ?? ""
        variables["SUPERVISOR_ENABLED"] = "1"
        variables["SUPERVISOR_PROCESS_NAME"] = name
        variables["SUPERVISOR_GROUP_NAME"] = listener.group
        // Problems with the connection itself are reported by another check.
        variables["SUPERVISOR_SERVER_URL"] = access.url ?? "unix:///nonexistent/supervisor.sock"
        return variables
    }

    // MARK: Events

    private mutating func examineEvents(_ needs: ListenerNeeds) {
        let count = findings.count
        let text = listener.settings["events"] ?? ""
        let events = text.split { ", \n\t".contains($0) }.map {
            EventName(rawValue: $0.uppercased())
        }
        guard !events.isEmpty else {
            let list = needs.events.map(\.name.rawValue).joined(separator: ",")
            return add("events", .fault, "events= is missing: set events=\(list)")
        }
        for event in events where !Self.known.contains(event.rawValue) {
            add("events", .fault, "event \(event) does not exist: change events=")
        }
        for (expected, reason) in needs.events {
            let isThere = events.contains { $0 ~= expected || expected == .tick && expected ~= $0 }
            guard !isThere else { continue }
            let name = expected == .tick ? EventName.tick60 : expected
            add("events", .fault, "add \(name) to events=: required for \(reason)")
        }
        addOK("events", since: count, events.map(\.rawValue).joined(separator: ","))
    }

    /// The events that supervisord sends (Supervisor manual, "Event Types").
    private static let known: Set<String> = [
        "EVENT", "PROCESS_STATE", "PROCESS_STATE_STOPPED", "PROCESS_STATE_EXITED",
        "PROCESS_STATE_STARTING", "PROCESS_STATE_STOPPING", "PROCESS_STATE_BACKOFF",
        "PROCESS_STATE_FATAL", "PROCESS_STATE_RUNNING", "PROCESS_STATE_UNKNOWN",
        "PROCESS_COMMUNICATION", "PROCESS_COMMUNICATION_STDOUT", "PROCESS_COMMUNICATION_STDERR",
        "PROCESS_LOG", "PROCESS_LOG_STDOUT", "PROCESS_LOG_STDERR", "REMOTE_COMMUNICATION",
        "SUPERVISOR_STATE_CHANGE", "SUPERVISOR_STATE_CHANGE_RUNNING",
        "SUPERVISOR_STATE_CHANGE_STOPPING", "TICK", "TICK_5", "TICK_60", "TICK_3600",
        "PROCESS_GROUP", "PROCESS_GROUP_ADDED", "PROCESS_GROUP_REMOVED",
    ]

    // MARK: The connection to supervisord

    private mutating func examineAccess(_ needs: ListenerNeeds) {
        let result: Finding.Result = needs.requiresRPC ? .fault : .warning
        let count = findings.count
        if access.url == nil {
            guard needs.requiresRPC else { return }
            return add(
                "rpc", .fault, "it must call supervisord: add [unix_http_server]"
            )
        }
        if let user = access.user, !user.isEmpty {
            let variables = environment
            if variables["SUPERVISOR_USERNAME"] == nil {
                add(
                    "login", result,
                    "supervisord requires a login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in environment="
                )
            } else if variables["SUPERVISOR_USERNAME"] != user
                || variables["SUPERVISOR_PASSWORD"] != access.password
            {
                add(
                    "login", result,
                    "SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD do not match the HTTP server's section"
                )
            }
        }
        if access.socket != nil, !mayConnect {
            add(
                "socket", result,
                "user=\(listener.settings["user"] ?? "") cannot access the socket: set chmod=0770 and "
                    + "chown= in [unix_http_server], or remove user=")
        }
        addOK("rpc", since: count, access.url ?? "")
    }

    /// Whether the listener's user may connect to the socket, according to its settings.
    private var mayConnect: Bool {
        guard let identity, identity.user != 0 else { return true }
        let own = configuration["supervisord"]?.settings["user"]?.text
        let owner = (access.socketOwner ?? own ?? "root").split(separator: ":").map(String.init)
        let ownerIdentity = owner.first.flatMap { UserIdentity(named: $0) }
        if identity.user == ownerIdentity?.user { return access.socketMode & 0o200 != 0 }
        if owner.count > 1, let group = Self.group(owner[1]), Self.isMember(identity, group) {
            return access.socketMode & 0o020 != 0
        }
        return access.socketMode & 0o002 != 0
    }

    private static func group(_ name: String) -> gid_t? {
        gid_t(name) ?? (unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid })
    }

    private static func isMember(_ identity: UserIdentity, _ group: gid_t) -> Bool {
        if identity.group == group { return true }
        guard let entry = unsafe getpwuid(identity.user), let name = unsafe entry.pointee.pw_name
        else { return false }
        var groups = [gid_t](repeating: 0, count: 256)
        var count: Int32 = 256
        guard unsafe getgrouplist(name, identity.group, &groups, &count) >= 0 else { return false }
        return groups.prefix(Int(count)).contains(group)
    }

    // MARK: Names

    private mutating func examineNames(_ arguments: ParsedArguments) {
        let known = programs.flatMap(\.processes) + (access.processes ?? []).map(\.processName)
        var values = ListenerNeeds.patterns.flatMap { arguments.values($0) }
        // memmon's values end with a size.
        values += arguments.values("group")
        for value in values {
            let text = String(value.text.prefix { $0 != "=" })
            let pattern = ProcessPattern(text)
            let isGroup = value.name == "-g" || value.name == "--group"
            let matches = Set(known).filter {
                isGroup ? pattern.matches(group: $0.group) : pattern.matches($0)
            }
            if matches.isEmpty {
                add(
                    "names", .warning,
                    "\(value.name) \(text) matches no process: \(suggestion(for: text, known))")
            } else {
                let names = matches.map(\.description).sorted().joined(separator: ", ")
                add("names", .ok, "\(value.name) \(text) matches \(names)")
            }
        }
    }

    /// A suggestion for a name that does not exist.
    private func suggestion(for text: String, _ known: [ProcessName]) -> String {
        let near = known.filter { $0.group == text || $0.name.hasPrefix(text) }
        guard let first = near.first else { return "change the name" }
        return near.count > 1 ? "write \(text)* or \(first.group):*" : "write \(first)"
    }

    // MARK: Folders

    private mutating func examineFolders(_ settings: Settings) {
        for (check, path) in [("spool", settings.spool), ("metrics", settings.other.metrics)] {
            guard let path else { continue }
            let place = Self.existing(path, isFolder: check == "spool")
            let code = UserIdentity.access(place, W_OK | X_OK, as: identity)
            if code == 0 {
                add(check, .ok, path)
            } else {
                let user = listener.settings["user"].map { "user \($0)" } ?? "it"
                add(
                    check, .fault,
                    "\(user) cannot write to \(place): \(SystemError.words(for: code)); create it, or change its owner"
                )
            }
        }
    }

    /// The directory that is written to.
    private static func existing(_ path: String, isFolder: Bool) -> String {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        if isThere && status.st_mode & S_IFMT == S_IFDIR { return path }
        return path.parentDirectory
    }

    // MARK: Channels

    private mutating func examineChannels(_ settings: Settings) {
        for channel in settings.channels {
            let name = channel.isMail ? channel.name : "\(channel.name) \(channel.targets.joined())"
            if let obstacle = Self.obstacle(of: channel) {
                add("channel", .fault, "\(name): \(obstacle)")
            } else {
                add("channel", .ok, "\(name): ready")
            }
        }
        guard sends, !settings.channels.isEmpty else { return }
        let test = TestAlert(
            channels: settings.channels, origin: settings.origin,
            presentation: settings.presentation)
        var lines: [String] = []
        let status = (try? test.run { lines.append($0) }) ?? 1
        for line in lines {
            let isAccepted = line.contains(": accepted")
            add("send", isAccepted || status == 0 ? .ok : .fault, line)
        }
    }

    /// Tests a channel in a worker, since the test may hang.
    private static func obstacle(of channel: any Channel) -> String? {
        guard let loop = try? PollLoop() else { return nil }
        var obstacle: String?
        loop.start(
            .worker {
                ObstacleRecord(text: channel.findObstacle()).write()
                return 0
            }, deadline: .seconds(20)
        ) { report in
            let record = WorkerRecords(report.output).first(ObstacleRecord.self)
            obstacle = record == nil ? "\(report.end)" : record?.text
            loop.stop()
        }
        loop.run()
        return obstacle
    }
}

/// Why a channel cannot deliver.
private struct ObstacleRecord: WorkerRecord {
    static let recordName = "obstacle"

    let text: String?

    init(text: String?) {
        self.text = text
    }

    init?(fields: [String]) {
        text = fields.first
    }

    var fields: [String] { text.map { [$0] } ?? [] }
}
