// Checks what supervisord checks when it starts, besides what reading the programs does.

internal import Text

extension SupervisorConfiguration {
    /// Checks the values of all settings; what prevents supervisord from starting is recorded as
    /// mistakes.
    ///
    /// - Parameter programs: The programs of this configuration.
    package mutating func check(_ programs: [ConfiguredProgram]) {
        checkSupervisord()
        for section in sections {
            switch section.kind {
            case "unix_http_server", "inet_http_server": checkServer(section)
            case "group": checkGroup(section)
            case "rpcinterface": checkInterface(section)
            default: break
            }
        }
        for program in programs { check(program) }
        checkGroupNames(programs)
    }

    /// Whether supervisord accepts a value of `port=` in `[inet_http_server]`.
    package static func acceptsPort(_ value: String) -> Bool {
        SettingKind.port.fault(of: value) == nil
    }

    private mutating func reject(_ reason: String, in section: String) {
        note(ConfigurationMistake("supervisord does not start: \(reason)", in: section))
    }

    /// Checks values against a table.
    private mutating func check(
        _ values: [String: String], by kinds: [String: SettingKind], in section: String
    ) {
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let fault = kinds[key]?.fault(of: value) else { continue }
            reject("\(key)=\(value) \(fault)", in: section)
        }
    }

    /// The expanded values of the settings that supervisord reads.
    private mutating func values(
        of section: ConfigurationSection, _ kinds: [String: SettingKind]
    ) -> [String: String] {
        var values: [String: String] = [:]
        for key in section.settings.keys.sorted() where kinds[key] != nil {
            values[key] = value(key, of: section)
        }
        return values
    }

    // MARK: supervisord

    private mutating func checkSupervisord() {
        guard let section = self["supervisord"] else {
            guard isRead else { return }
            return note(ConfigurationMistake("there is no [supervisord] section in \(path)"))
        }
        let values = values(of: section, SettingKind.ofSupervisord)
        check(values, by: SettingKind.ofSupervisord, in: section.name)
        if let path = values["logfile"], SettingKind.isDirectory(path) {
            reject("logfile=\(path) is a directory: write the name of a file", in: section.name)
        }
    }

    private mutating func checkServer(_ section: ConfigurationSection) {
        let values = values(of: section, SettingKind.ofServers)
        let isSocket = section.kind == "unix_http_server"
        let own = isSocket ? "file" : "port"
        if section.settings[own] == nil || values[own]?.isEmpty == true {
            let example = isSocket ? "/run/supervisor.sock" : "127.0.0.1:9001"
            reject("\(own)= is missing, such as \(own)=\(example)", in: section.name)
        }
        if (section.settings["username"] == nil) != (section.settings["password"] == nil) {
            reject("username= and password= must both be set", in: section.name)
        }
        let unused = isSocket ? ["port"] : ["file", "chmod", "chown"]
        check(
            values.filter { !($0.key == own && $0.value.isEmpty) && !unused.contains($0.key) },
            by: SettingKind.ofServers, in: section.name)
        let limit = SettingKind.safeSocketSize
        if isSocket, let path = values["file"], path.utf8.count > limit {
            doubt(
                ConfigurationMistake(
                    "whether supervisord starts depends on its process ID, which it adds to file= "
                        + "for a moment: write at most \(limit) bytes", in: section.name))
        }
    }

    private mutating func checkGroup(_ section: ConfigurationSection) {
        checkName(of: section)
        if let priority = value("priority", of: section) {
            check(["priority": priority], by: SettingKind.ofPrograms, in: section.name)
        }
    }

    private mutating func checkInterface(_ section: ConfigurationSection) {
        let key = "supervisor.rpcinterface_factory"
        let usual = "supervisor.rpcinterface:make_main_rpcinterface"
        guard section.settings[key] != nil else {
            return reject("\(key)= is missing: set \(key)=\(usual)", in: section.name)
        }
        guard let factory = value(key, of: section), factory != usual else { return }
        guard !factory.hasPrefix("supervisor."), factory.contains(":") else {
            return reject("\(key)=\(factory) does not exist: write \(usual)", in: section.name)
        }
        // It depends on what is installed.
        let isMain = section.ownName == "supervisor" || factory.hasSuffix(":make_main_rpcinterface")
        doubt(
            ConfigurationMistake(
                "supervisord starts only if its Python finds \(key)=\(factory)"
                    + (isMain ? "; usual is \(usual)" : ""), in: section.name))
    }

    // MARK: Programs

    /// Checks that no group has the name of another one: supervisord starts only one of them.
    private mutating func checkGroupNames(_ programs: [ConfiguredProgram]) {
        let groups = sections.filter { $0.kind == "group" }
        var members: Set<String> = []
        for group in groups {
            for name in self.members(of: group) {
                members.insert(
                    self["program:\(name)"] == nil ? "fcgi-program:\(name)" : "program:\(name)")
            }
        }
        let others = programs.map(\.section).filter { !members.contains($0.name) }
        let owners = Dictionary(grouping: groups + others) { $0.groupName ?? "" }
        for (name, owners) in owners.sorted(by: { $0.key < $1.key }) where owners.count > 1 {
            let list = owners.map { "[\($0.name)]" }.joined(separator: " and ")
            note(
                ConfigurationMistake(
                    "supervisord starts only one of \(list): rename one, since both are named "
                        + name, in: owners.last?.name))
        }
    }

    /// Checks that logs are files: otherwise supervisord starts, but the program does not.
    private mutating func checkLogs(of program: ConfiguredProgram) {
        for key in ["stdout_logfile", "stderr_logfile"] {
            guard let path = program.settings[key], SettingKind.isDirectory(path) else { continue }
            note(
                ConfigurationMistake(
                    "\(key)=\(path) is a directory, so the program does not start: write the "
                        + "name of a file", in: program.section.name))
        }
    }

    private mutating func checkName(of section: ConfigurationSection) {
        guard let name = section.ownName, let wrong = Self.invalidCharacter(of: name) else {
            return
        }
        reject("the name \(name) contains '\(wrong)'", in: section.name)
    }

    private static func invalidCharacter(of name: String) -> Character? {
        name.first { [" ", ":", "/"].contains($0) }
    }

    private mutating func check(_ program: ConfiguredProgram) {
        let section = program.section
        checkName(of: section)
        var kinds = SettingKind.ofPrograms
        if program.isListener { kinds.merge(SettingKind.ofListeners) { $1 } }
        if section.kind == "fcgi-program" { kinds.merge(SettingKind.ofFastCGI) { $1 } }
        check(program.settings, by: kinds, in: section.name)
        checkProcessName(of: program)
        checkLogs(of: program)
        let stops = program.settings["stopasgroup"].map(SettingKind.isTrue) ?? false
        if stops, let kills = program.settings["killasgroup"], !SettingKind.isTrue(kills) {
            reject("stopasgroup=true requires killasgroup=true", in: section.name)
        }
        if section.kind == "fcgi-program", !isMember(program) { checkSocket(of: program) }
        if program.isListener { checkListener(program) }
    }

    private mutating func checkProcessName(of program: ConfiguredProgram) {
        let section = program.section
        let name = section.settings["process_name"]?.text ?? "%(program_name)s"
        if let wrong = Self.invalidCharacter(of: name) {
            reject("process_name=\(name) contains '\(wrong)'", in: section.name)
        }
        let count = program.settings["numprocs"].flatMap { PythonInteger.parse($0) } ?? 1
        if count > 1, !name.containsText("%(process_num)") {
            reject(
                "numprocs=\(count) requires %(process_num) in process_name=, such as "
                    + "process_name=%(program_name)s_%(process_num)02d", in: section.name)
        }
    }

    /// Whether a group lists a program; supervisord ignores the socket of such an fcgi-program.
    private mutating func isMember(_ program: ConfiguredProgram) -> Bool {
        sections.filter { $0.kind == "group" }.contains {
            members(of: $0).contains(program.section.writtenName ?? "")
        }
    }

    private mutating func checkSocket(of program: ConfiguredProgram) {
        let socket = program.settings["socket"] ?? ""
        guard !socket.hasPrefix("unix:///") else { return }
        let name = program.section.name
        let unused = ["socket_mode", "socket_owner"].filter { program.settings[$0] != nil }
        if !unused.isEmpty {
            return reject(
                "\(unused.map { "\($0)=" }.joined(separator: " and ")) requires socket=unix:///PATH",
                in: name)
        }
        let address = socket.dropFirst("tcp://".count).split(
            separator: ":", omittingEmptySubsequences: false)
        let isTCP =
            socket.hasPrefix("tcp://") && address.count == 2 && !address[0].isEmpty
            && !address[0].contains(where: \.isWhitespace)
            && address[1].utf8.allSatisfy(\.isASCIIDigit)
            && SettingKind.port.fault(of: String(address[1])) == nil
        guard !isTCP else { return }
        reject("socket= requires unix:///PATH or tcp://HOST:PORT", in: name)
    }

    private mutating func checkListener(_ listener: ConfiguredProgram) {
        let name = listener.section.name
        let events = EventTypes.list(listener.settings["events"] ?? "")
        if events.isEmpty { reject("events= is missing", in: name) }
        // Other interfaces may add events.
        let isComplete = !sections.contains {
            $0.kind == "rpcinterface" && $0.name != "rpcinterface:supervisor"
        }
        for event in events where isComplete && !EventTypes.contain(event) {
            let hint = event.contains(where: \.isWhitespace) ? ": separate events by commas" : ""
            reject("there is no event '\(event)' of events=\(hint)", in: name)
        }
        if listener.settings["redirect_stderr"].map(SettingKind.isTrue) == true {
            reject("remove redirect_stderr=, which is invalid for a listener", in: name)
        }
        guard let handler = listener.settings["result_handler"],
            handler != "supervisor.dispatchers:default_handler"
        else { return }
        if handler.hasPrefix("supervisor.") || !handler.contains(":") {
            reject("result_handler=\(handler) does not exist: remove it", in: name)
        } else {
            // It depends on what is installed.
            doubt(
                ConfigurationMistake(
                    "supervisord starts only if its Python finds result_handler=\(handler)",
                    in: name))
        }
    }
}
