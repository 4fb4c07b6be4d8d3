// Reads the programs of a configuration.

internal import ListenerProtocol
internal import System

extension SupervisorConfiguration {
    /// The groups of all event listeners, which are named like their sections.
    package var listenerGroups: Set<String> {
        Set(sections.filter { $0.kind == "eventlistener" }.compactMap(\.ownName))
    }

    /// All programs and listeners; unreadable settings are recorded as mistakes.
    package mutating func programs() -> [ConfiguredProgram] {
        let groups = groupsOfPrograms()
        return sections.compactMap { section in
            guard ["program", "fcgi-program", "eventlistener"].contains(section.kind),
                let name = section.ownName
            else { return nil }
            let group = section.kind == "eventlistener" ? name : groups[name] ?? name
            return program(section, name, group)
        }
    }

    /// The group of each program that is listed in a `[group:x]`.
    private mutating func groupsOfPrograms() -> [String: String] {
        var groups: [String: String] = [:]
        for section in sections where section.kind == "group" {
            guard let group = section.ownName else { continue }
            let list = value("programs", of: section) ?? ""
            for word in list.split(separator: ",") {
                let program = String(word.filter { !$0.isWhitespace })
                if self["program:\(program)"] == nil && self["fcgi-program:\(program)"] == nil {
                    note(
                        ConfigurationMistake(
                            "programs= contains \(program), but there is no [program:\(program)]",
                            in: section.name))
                }
                groups[program] = group
            }
        }
        return groups
    }

    private mutating func program(
        _ section: ConfigurationSection, _ name: String, _ group: String
    ) -> ConfiguredProgram {
        var names = ["program_name": name, "group_name": group]
        let start = Int(value("numprocs_start", of: section, names: names) ?? "") ?? 0
        let count = min(10_000, Int(value("numprocs", of: section, names: names) ?? "") ?? 1)
        names["numprocs"] = "\(count)"
        var processes: [ProcessName] = []
        for index in 0..<max(1, count) {
            names["process_num"] = "\(start.addingSaturated(index))"
            let own =
                section.settings["process_name"] == nil
                ? name : value("process_name", of: section, names: names)
            processes.append(ProcessName(group: group, name: own ?? name))
        }
        names["process_num"] = "\(start)"
        let environment = environment(of: section, names)
        for (variable, value) in environment { names["ENV_\(variable)"] = value }
        var settings: [String: String] = [:]
        let others = section.settings.keys.filter {
            !["command", "environment", "process_name"].contains($0)
        }
        for key in others.sorted() { settings[key] = value(key, of: section, names: names) }
        return ConfiguredProgram(
            section: section, group: group, processes: processes,
            command: command(of: section, names), environment: environment, settings: settings)
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
