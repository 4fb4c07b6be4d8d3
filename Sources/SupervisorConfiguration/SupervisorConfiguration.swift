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
        applyDefaults()
        readCommonVariables()
    }

    /// The settings of `[DEFAULT]` apply to each section without them, as `configparser` defines.
    private mutating func applyDefaults() {
        guard let place = sections.firstIndex(where: { $0.name == "DEFAULT" }) else { return }
        let defaults = sections.remove(at: place).settings
        for index in sections.indices {
            sections[index].settings.merge(defaults) { own, _ in own }
        }
    }

    private mutating func readIncluded() {
        guard let include = self["include"] else { return }
        guard let files = value("files", of: include, names: Self.hostName) else {
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
        // supervisord expands this setting twice, and knows the host only the second time.
        guard let section = self["supervisord"],
            let once = value("environment", of: section),
            let text = expanded(once, of: section, Self.hostName, "environment")
        else { return }
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
            var expansion = expansion(of: section, names)
            if !knowsFolder(key, of: section) { expansion.values["here"] = nil }
            return try expansion.expand(setting.text)
        } catch {
            note(
                ConfigurationMistake(
                    "\(key)= in line \(setting.line) of \(section.file): \(error)",
                    in: section.name))
            return nil
        }
    }

    /// Expands a value for the second time.
    ///
    /// - Parameters:
    ///   - text: The value, expanded once.
    ///   - section: Its section.
    ///   - names: Additional names that it may use.
    ///   - key: The setting.
    /// - Returns: The value; nil if it cannot be expanded, which is recorded as a mistake.
    mutating func expanded(
        _ text: String, of section: ConfigurationSection, _ names: [String: String], _ key: String
    ) -> String? {
        do throws(Expansion.Failure) {
            return try expansion(of: section, names).expand(text)
        } catch {
            note(
                ConfigurationMistake(
                    "\(key)= is expanded twice, and the second time fails: \(error); write %%%% for "
                        + "a percent sign in \(key)= of [\(section.name)]", in: section.name))
            return nil
        }
    }

    /// Records a setting that is probably not intended.
    mutating func doubt(_ mistake: ConfigurationMistake) {
        if !doubts.contains(mistake) { doubts.append(mistake) }
    }

    /// Records a mistake once.
    mutating func note(_ mistake: ConfigurationMistake) {
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }

    /// Whether a setting may use `%(here)s`: with `[include]`, each may; otherwise supervisord does
    /// not define it for its servers and interfaces, except for a socket.
    private func knowsFolder(_ key: String, of section: ConfigurationSection) -> Bool {
        let kinds = ["unix_http_server", "inet_http_server", "rpcinterface"]
        return !kinds.contains(section.kind) || self["include"] != nil
            || (section.kind == "unix_http_server" && key == "file")
    }

    /// The name of this host, which only some settings may use.
    private static let hostName = ["host_node_name": HostName.current]

    private func expansion(
        of section: ConfigurationSection, _ names: [String: String]
    ) -> Expansion {
        var values = ["here": Self.folder(of: section.file)]
        for (name, value) in environment { values["ENV_\(name)"] = value }
        // Its own settings are read before its environment.
        if section.name != "supervisord" {
            for (name, value) in commonVariables { values["ENV_\(name)"] = value }
        }
        return Expansion(values: values.merging(names) { $1 })
    }

    // MARK: Files

    /// Reads a file.
    ///
    /// - Returns: Whether that succeeded; otherwise a mistake is recorded.
    @discardableResult
    private mutating func read(_ file: String) -> Bool {
        files.append(file)
        guard !SettingKind.isDirectory(file) else {
            mistakes.append(
                ConfigurationMistake("\(file) is a directory: write the name of a file"))
            return false
        }
        var bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Descriptor.contents(of: file)
        } catch {
            mistakes.append(ConfigurationMistake("\(error)"))
            return false
        }
        checkEncoding(of: &bytes, in: file)
        let parser = INIParser(bytes)
        if let line = parser.firstMistake {
            mistakes.append(
                ConfigurationMistake(
                    "line \(line) of \(file) is neither [SECTION] nor NAME=VALUE nor a comment"))
        }
        if file != path, parser.sections.contains(where: { $0.name == "include" }) {
            doubts.append(
                ConfigurationMistake(
                    "supervisord ignores [include] in \(file): move it to \(path)", in: "include"))
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

    /// Records bytes that Python cannot decode, and removes a byte order mark.
    private mutating func checkEncoding(of bytes: inout [UInt8], in file: String) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
            note(
                ConfigurationMistake(
                    "supervisord does not start: \(file) begins with a byte order mark: save it "
                        + "as UTF-8 without one"))
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil })
        else { return }
        let place = "line \(index + 1) of \(file) is not UTF-8"
        if hasUTF8Locale {
            note(
                ConfigurationMistake("supervisord does not start: \(place): convert it to UTF-8"))
        } else {
            doubt(ConfigurationMistake("\(place): supervisord reads it as its locale requires"))
        }
    }

    /// Whether Python reads files as UTF-8, which it also does in the locales C and POSIX (Python
    /// manual, "Python UTF-8 Mode").
    private var hasUTF8Locale: Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        let encoding = locale.split(separator: ".").dropFirst().first?.prefix { $0 != "@" }
        guard let encoding else { return ["C", "POSIX"].contains(locale) }
        return ["utf-8", "utf8"].contains(encoding.lowercased())
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
