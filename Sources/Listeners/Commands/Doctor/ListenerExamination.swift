internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System
internal import Text

/// Checks one listener: its section, its command line and what it depends on.
struct ListenerExamination {
    /// The findings so far.
    private(set) var findings: [Finding] = []

    let listener: ConfiguredProgram
    let configuration: SupervisorConfiguration
    let programs: [ConfiguredProgram]
    let access: SupervisordAccess
    let sends: Bool

    /// The user of the doctor; checks run as the listener's user.
    private let ownUser = geteuid()

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

    /// Returns the command of a section, if it runs one of the tools.
    static func command(of program: ConfiguredProgram) -> ListenerCommand? {
        program.command.flatMap(ListenerCommand.init)
    }

    /// Whether the section's tool cannot work without calls to supervisord.
    static func requiresRPC(_ program: ConfiguredProgram) -> Bool {
        guard let command = command(of: program) else { return false }
        let tool = command.tool
        let arguments =
            (try? tool.options.parse(command.words ?? []))
            ?? ParsedArguments(occurrences: [], operands: [])
        return tool.needs(arguments).requiresRPC
    }

    mutating func add(_ check: String, _ result: Finding.Result, _ message: String) {
        findings.append(
            Finding(section: listener.section.name, check: check, result: result, message: message))
    }

    mutating func addOK(_ check: String, since count: Int, _ message: String) {
        if findings.count == count { add(check, .ok, message) }
    }

    // MARK: All checks

    /// Runs all checks.
    mutating func run() {
        guard let command = Self.command(of: listener) else { return noteOther() }
        let tool = command.tool
        guard listener.isListener else {
            return add(
                "section", .fault,
                "\(tool.name) is an event listener: name the section [eventlistener:\(listener.section.ownName ?? tool.name)]"
            )
        }
        examineSection(tool)
        examineProgram(command)
        examineState()
        guard let words = command.words else {
            return add(
                "command", .note,
                "not checked: the shell expands parts of it; write it without a shell to check it")
        }
        guard let (settings, plan) = examineCommand(command, words) else { return }
        let needs = tool.needs(settings.arguments)
        examineEvents(needs, settings)
        if command.setting.isKnown { examineAccess(needs, settings) }
        examineNames(plan.selectors + settings.routes.selectors)
        for fault in plan.faults(KnownProcesses(programs, access).names) {
            add("names", .fault, fault)
        }
        if tool.name == Tool.fatalexit.name { examineFatalExit(settings, plan) }
        if tool.name == Tool.fatalretry.name { examineFatalRetry(plan) }
        guard command.setting.isKnown else { return }
        examineHooks(settings.arguments)
        examineFolders(settings)
        examineChannels(settings)
    }

    /// Reports that a listener is not checked, since it runs another program.
    private mutating func noteOther() {
        guard let program = listener.command?.first else { return }
        let name = program.utf8.contains(UInt8(ascii: "/")) ? program.lastPathName : program
        guard !program.hasPrefix("~") else {
            return add(
                "program", .fault,
                "supervisord does not expand ~: write the full path of \(program) in command=")
        }
        let isFound = places(of: program)?.contains { unsafe Glibc.access($0, F_OK) == 0 }
        if isFound == false {
            return add("program", .warning, "not checked: \(absence(of: program, name))")
        }
        add("program", .note, "not checked: \(name) is none of superlance's tools")
    }

    /// That the program of `command=` does not exist, and what to change.
    private func absence(of program: String, _ name: String) -> String {
        if let space = program.unicodeScalars.first(where: {
            !$0.isASCII && $0.properties.isWhitespace
        }) {
            let number = String(space.value, radix: 16, uppercase: true)
            return "cannot find a program with the name '\(program)': replace U+\(number) in it by "
                + "a space"
        }
        if let first = program.split(whereSeparator: \.isWhitespace).first,
            first.utf8.count < program.utf8.count
        {
            return "cannot find a program with the name '\(program)': remove the quotes around the "
                + "whole of command="
        }
        let hint = NearestName.among(Tool.names, to: name).map { ", such as \($0)" } ?? ""
        let isPath = program.utf8.contains(UInt8(ascii: "/"))
        return "cannot find \(program)\(isPath ? "" : " in \(path)"): correct command=\(hint)"
    }

    // MARK: The section

    private mutating func examineSection(_ tool: Tool) {
        let count = findings.count
        let settings = listener.settings
        if let size = Int(settings["buffer_size"] ?? "10"), (1..<100).contains(size) {
            add(
                "buffer_size", .warning,
                "supervisord buffers \(size) events and drops the oldest: set buffer_size=1024")
        }
        if settings["startsecs"] == "0" {
            add(
                "startsecs", .warning,
                "with startsecs=0 an invalid command is restarted forever: remove startsecs=")
        }
        if listener.disables("autorestart") {
            add(
                "autorestart", .warning,
                "supervisord does not restart the listener if it exits: remove autorestart=")
        }
        if listener.disables("autostart") {
            add("autostart", .note, "supervisord does not start it automatically: autostart=false")
        }
        examineStop(settings)
        if (Int(settings["numprocs"] ?? "1") ?? 1) > 1 {
            add(
                "numprocs", .warning,
                "each event goes to one of \(listener.processes.count) processes: remove numprocs=")
        }
        if tool.name == Tool.fatalexit.name, let identity, identity.user != supervisordUser {
            add(
                "user", .fault,
                "remove user=: fatalexit cannot stop supervisord as another user")
        }
        if let folder = settings["directory"] { examineDirectory(folder) }
        for key in listener.section.settings.keys.sorted() where !Self.settings.contains(key) {
            add("setting", .warning, "supervisord has no \(key)=: correct its name, or remove it")
        }
        addOK("section", since: count, "its settings are valid for a listener")
    }

    /// Checks whether the listener can deliver its last alerts when it is stopped.
    private mutating func examineStop(_ settings: [String: String]) {
        let name = (settings["stopsignal"] ?? "TERM").filter { !$0.isWhitespace }.uppercased()
        if !Self.endings.contains(name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name) {
            add(
                "stopsignal", .warning,
                "with stopsignal=\(name) the listener loses its last alerts: remove stopsignal=")
        }
        let seconds = settings["stopwaitsecs"].flatMap { Int($0) } ?? 10
        let needed = Runtime.shutdownTimeout.components.seconds
        if seconds <= needed {
            add(
                "stopwaitsecs", .warning,
                "the listener takes up to \(needed) s to deliver its last alerts: remove "
                    + "stopwaitsecs=")
        }
    }

    /// The signals that a listener handles, by name and number: those that the manual lists for
    /// `stopsignal=`, except KILL.
    private static let endings: Set<String> = [
        "HUP", "1", "INT", "2", "QUIT", "3", "USR1", "10", "USR2", "12", "TERM", "15",
    ]

    private mutating func examineDirectory(_ folder: String) {
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else {
            let reason = SystemError.words(for: errno)
            return add("directory", .fault, "directory \(folder): \(reason): change directory=")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return add("directory", .fault, "\(folder) is not a directory: change directory=")
        }
        let code = UserIdentity.access(folder, X_OK, as: identity)
        guard code != 0 else { return }
        add("directory", .fault, "directory \(folder): \(SystemError.words(for: code))")
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

    var identity: UserIdentity? {
        (listener.settings["user"] ?? configuredUser).flatMap { UserIdentity(named: $0) }
    }

    /// `user=` of `[supervisord]`.
    var configuredUser: String? {
        var configuration = configuration
        return configuration["supervisord"].flatMap { configuration.value("user", of: $0) }
    }

    /// The user of supervisord, which otherwise runs as root if this process can.
    private var supervisordUser: uid_t {
        configuredUser.flatMap { UserIdentity(named: $0) }?.user ?? ownUser
    }

    // MARK: The state

    private mutating func examineState() {
        guard let processes = access.processes else { return }
        for name in listener.processes {
            guard let info = processes.first(where: { $0.processName == name }) else {
                add("state", .warning, "supervisord has not loaded it: run supervisorctl update")
                continue
            }
            switch info.state {
            case .fatal:
                let reason = info.spawnError.isEmpty ? "" : "\(info.spawnError); "
                add("state", .fault, "\(name) is FATAL: \(reason)see its stderr log")
            case .unknown: add("state", .fault, "\(name) is UNKNOWN: restart it")
            case .backoff, .exited:
                add("state", .warning, "\(name) is \(info.state.name): see its log")
            case .stopped: add("state", .note, "\(name) is STOPPED")
            default: add("state", .ok, "\(name) is \(info.state.name)")
            }
        }
    }

    // MARK: The command line

    private mutating func examineCommand(
        _ command: ListenerCommand, _ words: [String]
    ) -> (Settings, ListenerPlan)? {
        let count = findings.count
        let tool = command.tool
        do throws(UsageError) {
            return try examineArguments(try tool.options.parse(words), command, since: count)
        } catch {
            add("command", .fault, "\(error)")
            return nil
        }
    }

    private mutating func examineArguments(
        _ arguments: ParsedArguments, _ command: ListenerCommand, since count: Int
    ) throws(UsageError) -> (Settings, ListenerPlan)? {
        let tool = command.tool
        do throws(UsageError) {
            examineStrays(arguments, of: tool)
            examineTildes(arguments.occurrences, of: tool)
            examineVariables(arguments.occurrences, operands: arguments.operands, of: tool)
            let settings = try Settings(
                arguments, of: tool.options,
                environment: ListenerEnvironment(environment: environment),
                mailer: tool.mailer)
            if let fault = settings.channelSettings.template?.fault(for: settings.origin) {
                throw UsageError("--webhook-template: \(fault)")
            }
            let plan = try tool.prepare(settings)
            if command.setting.isKnown {
                examineFiles(settings.unreadableFiles + plan.unusableSockets)
            }
            for warning in settings.doubts + plan.warnings { add("command", .warning, warning) }
            let variables = settings.arguments.occurrences.filter {
                !arguments.occurrences.contains($0)
            }
            examineTildes(variables, of: tool)
            examineVariables(variables, of: tool)
            if !command.setting.isKnown {
                addUnchecked()
            } else if settings.channels.isEmpty && settings.channelSettings.metrics == nil {
                add("channels", .note, "it sends no alerts: there are no recipients")
            }
            addOK("command", since: count, tool.name)
            return (settings, plan)
        } catch {
            // What is missing may be in a variable.
            guard !command.setting.isKnown, error.code == .invalidUse else { throw error }
            addUnchecked()
            return nil
        }
    }

    private mutating func addUnchecked() {
        add(
            "command", .note,
            "only its options were checked: command= changes variables, the directory or the user")
    }

    private mutating func examineFiles(_ faults: [String]) {
        for fault in faults {
            let isMissing = fault.endsExactly(with: SystemError.words(for: ENOENT))
            let remedy = isMissing ? "create it, or correct the path" : "change its mode or owner"
            add("command", .fault, "\(subject)\(fault); \(remedy)")
        }
    }

    /// The environment of the listener: that of its section, and the variables in `command=`.
    var environment: [String: String] {
        let variables = Self.command(of: listener)?.setting.variables ?? [:]
        return sectionEnvironment.merging(variables) { $1 }
    }

    /// The environment that supervisord gives to the program of the section.
    var sectionEnvironment: [String: String] {
        var variables = configuration.environment
        let name = listener.processes.first?.name ?? ""
        variables["SUPERVISOR_ENABLED"] = "1"
        variables["SUPERVISOR_PROCESS_NAME"] = name
        variables["SUPERVISOR_GROUP_NAME"] = listener.group
        // Problems with the connection itself are reported by another check.
        variables["SUPERVISOR_SERVER_URL"] =
            ownURL ?? access.url ?? "unix:///nonexistent/supervisor.sock"
        variables.merge(configuration.commonVariables) { $1 }
        variables.merge(listener.environment) { $1 }
        return variables
    }

    // MARK: Events

    private mutating func examineEvents(_ needs: ListenerNeeds, _ settings: Settings) {
        let count = findings.count
        let events = EventTypes.list(listener.settings["events"] ?? "").map {
            EventName(rawValue: $0)
        }
        guard !events.isEmpty else {
            let list = needs.events(for: settings)
                .map { needs.proposal(for: $0.name).rawValue }.joined(separator: ",")
            return add("events", .fault, "events= is missing: set events=\(list)")
        }
        for event in events where !EventTypes.contain(event.rawValue) {
            let isList = event.rawValue.contains(where: \.isWhitespace)
            add(
                "events", .fault,
                isList
                    ? "separate the events of events= by commas: \(event)"
                    : "event \(event) does not exist: change events=")
        }
        for (required, reason) in needs.events(for: settings)
        where !ListenerNeeds.isMet(required, by: events) {
            let name = needs.proposal(for: required)
            add("events", .fault, "add \(name) to events=: required for \(reason)")
        }
        addOK("events", since: count, events.map(\.rawValue).joined(separator: ","))
    }

    // MARK: Folders

    private mutating func examineFolders(_ settings: Settings) {
        var check = StorageCheck(settings)
        check.spool = check.spool.flatMap { located($0, for: "spool") }
        if let place = check.metrics {
            check.metrics?.path = located(place.path, for: "metrics") ?? ""
            if check.metrics?.path.isEmpty == true { check.metrics = nil }
        }
        check.silenceFile = check.silenceFile.flatMap { located($0, for: "silence") }
        if let spool = check.spool { examineForeignSpool(spool, check.spoolName) }
        for folder in check.folders {
            let name = String(folder.option.dropFirst(2))
            guard let fault = folder.fault else {
                add(name, .ok, folder.path)
                continue
            }
            add(name, .fault, "\(subject)\(fault)")
        }
        if let place = check.metrics, place.file(of: settings.origin) == place.path {
            examineSharing(of: place.path)
        }
        if let silence = check.silence, let fault = silence.fault {
            add("silence", .warning, "\(subject)\(fault)")
        }
    }

    /// Reports a directory of the spool that the listener has used as another user.
    private mutating func examineForeignSpool(_ spool: String, _ name: String) {
        // Otherwise this process is not the listener's user.
        guard identity.map({ $0.user == geteuid() }) ?? true,
            let folder = Spool.foreignFolder(in: spool, of: name)
        else { return }
        let owner = UserName.of(folder.owner) ?? "user \(folder.owner)"
        let user = UserName.orNumber(of: geteuid())
        add(
            "spool", .warning,
            "\(folder.path) belongs to \(owner), so this listener cannot send its alerts: run chown -R \(user) "
                + "\(folder.path), or delete it")
    }

    /// Reports other listeners that replace this one's metrics.
    private mutating func examineSharing(of path: String) {
        let files = ConfiguredFiles(configuration, programs, access)
        let others = files.uses(.metrics, "SUPERLANCE_METRICS").filter { use in
            use.isTool && use.path == path && use.listener.section.name != listener.section.name
        }
        guard let other = others.first else { return }
        add(
            "metrics", .warning,
            "\(path) is also the file of [\(other.listener.section.name)]: set --metrics to a "
                + "directory, or to another file")
    }

    /// The user whom a fault concerns.
    private var subject: String { listener.settings["user"].map { "user \($0): " } ?? "" }

    // MARK: Channels

    private mutating func examineChannels(_ settings: Settings) {
        for channel in settings.channels {
            if let obstacle = Self.obstacle(of: channel) {
                // The obstacle of a web service begins with its URL.
                let kind = channel.name.split(separator: " ").first.map(String.init) ?? ""
                add("channel", .fault, "\(channel.isMail ? channel.name : kind): \(obstacle)")
            } else {
                add("channel", .ok, "\(channel.name): ready")
            }
        }
        guard sends, !settings.channels.isEmpty else { return }
        let test = TestAlert(
            channels: settings.channels, origin: settings.origin,
            presentation: settings.presentation)
        var lines: [String] = []
        let status = (try? test.run { lines.append($0) }) ?? 1
        for line in lines {
            let isAccepted = line.containsText(": accepted")
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
