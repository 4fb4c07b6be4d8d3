// Reads the programs of a configuration.

internal import ListenerProtocol
internal import System

extension SupervisorConfiguration {
    /// The groups of all event listeners, which are named like their sections.
    package var listenerGroups: Set<String> {
        Set(sections.filter { $0.kind == "eventlistener" }.compactMap(\.groupName))
    }

    /// All programs and listeners; unreadable settings are recorded as mistakes.
    package mutating func programs() -> [ConfiguredProgram] {
        let groups = groupsOfPrograms()
        return sections.compactMap { section in
            guard ["program", "fcgi-program", "eventlistener"].contains(section.kind),
                let name = section.ownName
            else { return nil }
            let own = section.groupName ?? name
            guard section.kind != "eventlistener", let written = section.writtenName else {
                return program(section, name, own)
            }
            return program(section, name, groups[written] ?? own)
        }
    }

    /// The group of each program that is listed in a `[group:x]`.
    private mutating func groupsOfPrograms() -> [String: String] {
        var groups: [String: String] = [:]
        for section in sections where section.kind == "group" {
            guard let group = section.ownName else { continue }
            for program in members(of: section) {
                checkMember(program, of: section)
                groups[program] = group
            }
        }
        return groups
    }

    /// The names in `programs=` of a group, as supervisord reads them: separated by commas only.
    mutating func members(of group: ConfigurationSection) -> [String] {
        let list = value("programs", of: group) ?? ""
        guard !list.isEmpty else { return [] }
        return list.split(separator: ",", omittingEmptySubsequences: false).map { word in
            var name = word.drop(while: \.isWhitespace)
            while name.last?.isWhitespace == true { name.removeLast() }
            return String(name)
        }
    }

    private mutating func checkMember(_ program: String, of group: ConfigurationSection) {
        let isProgram = self["program:\(program)"] != nil
        let isFastCGI = self["fcgi-program:\(program)"] != nil
        guard isProgram == isFastCGI else { return }
        let reason =
            if isProgram {
                "programs= contains \(program), which is both a program and an fcgi-program"
            } else if program.isEmpty {
                "programs= has an empty name: remove the comma before it or after it"
            } else if program.contains(where: \.isWhitespace) {
                "separate the names of programs= by commas: \(program)"
            } else {
                "programs= contains \(program), but there is no [program:\(program)]"
            }
        note(ConfigurationMistake(reason, in: group.name))
    }

    private mutating func program(
        _ section: ConfigurationSection, _ name: String, _ group: String
    ) -> ConfiguredProgram {
        let own = [
            "program_name": name, "group_name": group, "host_node_name": HostName.current,
        ]
        let start = Int(value("numprocs_start", of: section, names: own) ?? "") ?? 0
        let count = min(10_000, Int(value("numprocs", of: section, names: own) ?? "") ?? 1)
        var names = own.merging(["numprocs": "\(count)", "process_num": "\(start)"]) { $1 }
        let environment = environment(of: section, names)
        for (variable, value) in environment { names["ENV_\(variable)"] = value }
        var processes: [ProcessName] = []
        for index in 0..<max(1, count) {
            names["process_num"] = "\(start.addingSaturated(index))"
            let process =
                section.settings["process_name"] == nil
                ? name : value("process_name", of: section, names: names)
            processes.append(ProcessName(group: group, name: process ?? name))
        }
        names["process_num"] = "\(start)"
        return ConfiguredProgram(
            section: section, group: group, processes: processes,
            command: command(of: section, names), environment: environment,
            settings: settings(of: section, program: own, process: names))
    }

    /// The settings besides command, environment and process_name.
    ///
    /// - Parameters:
    ///   - section: The section.
    ///   - program: The names that are known for the program.
    ///   - process: Those that are known for its first process.
    /// - Returns: The expanded settings.
    private mutating func settings(
        of section: ConfigurationSection, program: [String: String], process: [String: String]
    ) -> [String: String] {
        var settings: [String: String] = [:]
        let others = section.settings.keys.filter {
            !["command", "environment", "process_name"].contains($0)
        }
        for key in others.sorted() {
            let names =
                switch NameScope(of: key, in: section.kind) {
                case .none: [String: String]()
                case .name: program.filter { $0.key == "program_name" }
                case .program: program
                case .process: process
                }
            settings[key] = value(key, of: section, names: names)
            // supervisord expands these settings twice.
            guard ["stdout_logfile", "stderr_logfile"].contains(key), let once = settings[key]
            else { continue }
            settings[key] = expanded(once, of: section, names, key)
        }
        return settings
    }

    private mutating func environment(
        of section: ConfigurationSection, _ names: [String: String]
    ) -> [String: String] {
        guard let text = value("environment", of: section, names: names) else { return [:] }
        guard let variables = EnvironmentSetting.parse(text) else {
            noteEnvironment(of: section)
            return [:]
        }
        return variables
    }

    private mutating func command(
        of section: ConfigurationSection, _ names: [String: String]
    ) -> [String]? {
        guard section.settings["command"] != nil else {
            note(ConfigurationMistake("command= is missing", in: section.name))
            return nil
        }
        guard let text = value("command", of: section, names: names) else { return nil }
        guard let words = ShellWords.split(text) else {
            note(
                ConfigurationMistake(
                    "command= has a quote that is not closed; a space and ';' begin a comment",
                    in: section.name))
            return nil
        }
        guard !words.isEmpty else {
            note(ConfigurationMistake("command= is empty", in: section.name))
            return nil
        }
        return words
    }
}
