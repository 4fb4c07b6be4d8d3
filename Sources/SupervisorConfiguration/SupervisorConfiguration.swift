internal import Glibc
internal import System

/// supervisord's configuration, parsed as supervisord parses it (Supervisor manual, "Configuration
/// File").
package struct SupervisorConfiguration {
    /// The main file.
    package let path: String

    /// All files, the main one first.
    package private(set) var files: [String] = []

    /// The sections in order; the settings of sections with the same name are in the first one.
    package private(set) var sections: [ConfigurationSection] = []

    /// Errors that prevent supervisord from starting.
    package private(set) var mistakes: [ConfigurationMistake] = []

    /// Settings that are probably not intended.
    package private(set) var doubts: [ConfigurationMistake] = []

    /// The environment for `%(ENV_x)s`.
    package let environment: [String: String]

    /// The variables that `environment=` of `[supervisord]` adds for all programs.
    package private(set) var commonVariables: [String: String] = [:]

    /// Whether the main file was read.
    package private(set) var isRead = false

    /// Reads a configuration.
    ///
    /// - Parameters:
    ///   - path: The main file.
    ///   - environment: supervisord's environment.
    package init(path: String, environment: [String: String]) {
        self.path = path
        self.environment = environment
        isRead = read(path)
        readIncluded()
        readCommonVariables()
    }

    private mutating func readIncluded() {
        guard let include = self["include"] else { return }
        guard let files = value("files", of: include) else {
            mistakes.append(
                ConfigurationMistake(
                    "[include] requires files=, such as conf.d/*.conf", in: "include"))
            return
        }
        for pattern in files.split(whereSeparator: \.isWhitespace) {
            let pattern =
                pattern.utf8.first == UInt8(ascii: "/")
                ? String(pattern) : "\(Self.folder(of: path))/\(pattern)"
            let found = Self.files(matching: pattern)
            if found.isEmpty {
                doubts.append(
                    ConfigurationMistake(
                        "no file matches \(pattern) of files=", in: "include"))
            }
            for file in found { read(file) }
        }
    }

    private mutating func readCommonVariables() {
        let names = ["host_node_name": HostName.current]
        guard let section = self["supervisord"],
            let once = value("environment", of: section, names: names)
        else { return }
        // supervisord expands this setting twice.
        let text: String
        do throws(Expansion.Failure) {
            text = try expansion(of: section, names).expand(once)
        } catch {
            return note(
                ConfigurationMistake(
                    "environment= is expanded twice, and the second time fails: \(error); write "
                        + "%%%% for a percent sign in environment= of [supervisord]",
                    in: section.name))
        }
        if let variables = EnvironmentSetting.parse(text) {
            commonVariables = variables
        } else {
            noteEnvironment(of: section)
        }
    }

    /// Records that `environment=` cannot be parsed.
    mutating func noteEnvironment(of section: ConfigurationSection) {
        note(
            ConfigurationMistake(
                "environment= requires NAME=\"value\", separated by commas", in: section.name))
    }

    /// The section with this name.
    package subscript(name: String) -> ConfigurationSection? {
        sections.first { $0.name == name }
    }

    // MARK: Values

    /// Returns the expanded value of a setting.
    ///
    /// - Parameters:
    ///   - key: The setting.
    ///   - section: Its section.
    ///   - names: Additional names that it may use.
    /// - Returns: The value; nil if it is not set or cannot be expanded, which is recorded as a
    ///   mistake.
    package mutating func value(
        _ key: String, of section: ConfigurationSection, names: [String: String] = [:]
    ) -> String? {
        guard let setting = section.settings[key] else { return nil }
        do throws(Expansion.Failure) {
            return try expansion(of: section, names).expand(setting.text)
        } catch {
            note(
                ConfigurationMistake(
                    "\(key)= in line \(setting.line) of \(section.file): \(error)",
                    in: section.name))
            return nil
        }
    }

    /// Records a mistake once.
    mutating func note(_ mistake: ConfigurationMistake) {
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }

    private func expansion(
        of section: ConfigurationSection, _ names: [String: String]
    ) -> Expansion {
        var values = ["here": Self.folder(of: section.file)]
        for (name, value) in environment { values["ENV_\(name)"] = value }
        for (name, value) in commonVariables { values["ENV_\(name)"] = value }
        let hasHost = ["include", "program", "fcgi-program", "eventlistener"]
        if hasHost.contains(section.kind) { values["host_node_name"] = HostName.current }
        return Expansion(values: values.merging(names) { $1 })
    }

    // MARK: Files

    /// Reads a file.
    ///
    /// - Returns: Whether that succeeded; otherwise a mistake is recorded.
    @discardableResult
    private mutating func read(_ file: String) -> Bool {
        files.append(file)
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Descriptor.contents(of: file)
        } catch {
            mistakes.append(ConfigurationMistake("\(error)"))
            return false
        }
        let parser = INIParser(bytes)
        if let line = parser.firstMistake {
            mistakes.append(
                ConfigurationMistake(
                    "line \(line) of \(file) is neither [SECTION] nor NAME=VALUE nor a comment"))
        }
        for section in parser.sections where self[section.name] == nil {
            sections.append(
                ConfigurationSection(
                    name: section.name, file: file, line: section.line, settings: [:]))
        }
        for entry in parser.entries {
            guard let index = sections.firstIndex(where: { $0.name == entry.section }) else {
                continue
            }
            sections[index].settings[entry.key] = ConfigurationSection.Setting(
                text: entry.value, line: entry.line)
        }
        return true
    }

    /// The files that match a pattern, in the order in which supervisord finds them.
    private static func files(matching pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        var files: [String] = []
        for index in 0..<Int(unsafe found.gl_pathc) {
            guard let name = unsafe found.gl_pathv[index] else { continue }
            files.append(unsafe String(cString: name))
        }
        return files
    }

    /// The directory of a file, as an absolute path.
    private static func folder(of file: String) -> String {
        let folder = file.parentDirectory
        guard let path = unsafe realpath(folder, nil) else { return folder }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
