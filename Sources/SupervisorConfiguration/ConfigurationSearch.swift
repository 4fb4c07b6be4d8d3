internal import Glibc
internal import System

/// Finds the configuration file of a running supervisord (Supervisor manual, "supervisord
/// Command-Line Options").
struct ConfigurationSearch {
    private let words: [String]
    private let environment: [String: String]
    private let directory: String?

    /// Prepares the search.
    ///
    /// - Parameters:
    ///   - words: supervisord's command line.
    ///   - environment: Its environment.
    ///   - directory: Its working directory; nil if it is unknown.
    init(words: [String], environment: [String: String], directory: String?) {
        self.words = words
        self.environment = environment
        self.directory = directory
    }

    /// The path of the configuration; nil if there is none.
    var path: String? {
        var found: String?
        for folder in [directory, environment["PWD"]].compactMap({ $0 }) {
            guard folder.utf8.first == UInt8(ascii: "/"), let path = path(startedIn: folder)
            else { continue }
            if leads(path, from: folder) { return path }
            found = found ?? path
        }
        return found ?? option("c", "configuration").map { absolute($0, in: directory ?? "") }
    }

    /// The configuration that exists, if supervisord was started in this directory.
    private func path(startedIn folder: String) -> String? {
        if let path = option("c", "configuration") {
            return SupervisorConfiguration.firstFile(of: [absolute(path, in: folder)])
        }
        // The program follows an interpreter, so search for its name.
        let program = words.first { $0.hasSuffix("supervisord") }
        let places = SupervisorConfiguration.searchPath(
            program: program.map { absolute($0, in: folder) })
        return SupervisorConfiguration.firstFile(of: places.map { absolute($0, in: folder) })
    }

    /// Whether a supervisord with this configuration that was started in a directory has the
    /// working directory of this one.
    private func leads(_ path: String, from folder: String) -> Bool {
        var configuration = SupervisorConfiguration(path: path, environment: environment)
        let section = configuration["supervisord"]
        func value(_ key: String) -> String? {
            section.flatMap { configuration.value(key, of: $0) }
        }
        let staysInForeground =
            has("n", "nodaemon") || value("nodaemon").map(SettingKind.isTrue) == true
        let change = option("d", "directory") ?? value("directory")
        guard let change, !staysInForeground else { return isDirectory(folder) }
        return isDirectory(absolute(change, in: folder))
    }

    /// Whether a path is that of the working directory.
    private func isDirectory(_ path: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard let directory, unsafe stat(path, &one) == 0, unsafe stat(directory, &other) == 0
        else { return false }
        return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
    }

    private func absolute(_ path: String, in folder: String) -> String {
        path.utf8.first == UInt8(ascii: "/") || folder.isEmpty ? path : "\(folder)/\(path)"
    }

    // MARK: Options

    /// The long names of supervisord's options (Supervisor manual, "supervisord Command-Line
    /// Options").
    private static let names = [
        "childlogdir", "configuration", "directory", "help", "identifier", "logfile",
        "logfile_backups", "logfile_maxbytes", "loglevel", "minfds", "minprocs", "nocleanup",
        "nodaemon", "pidfile", "profile_options", "silent", "strip_ansi", "umask", "user",
        "version",
    ]

    /// Whether a word is a long option, possibly abbreviated: Python's getopt accepts any beginning
    /// that no other name has.
    private static func isOption(_ word: String, _ name: String) -> Bool {
        guard word.hasPrefix("--") else { return false }
        let given = String(word.dropFirst(2).prefix { $0 != "=" })
        guard !given.isEmpty, given != name else { return given == name }
        return !names.contains(given) && names.filter { $0.hasPrefix(given) } == [name]
    }

    /// The letters of options without values.
    private static let flags = "nstvhk"

    /// The value of an option.
    private func option(_ letter: Character, _ name: String) -> String? {
        for (index, word) in words.enumerated() {
            let next = words.indices.contains(index + 1) ? words[index + 1] : nil
            if word == "-\(letter)" { return next }
            if Self.isOption(word, name) {
                guard let equals = word.firstIndex(of: "=") else { return next }
                return String(word[word.index(after: equals)...])
            }
            // Joined to its letter, possibly after others: -nc FILE, -cFILE.
            guard word.hasPrefix("-"), !word.hasPrefix("--"),
                let place = word.firstIndex(of: letter),
                word[..<place].dropFirst().allSatisfy(Self.flags.contains)
            else { continue }
            let value = word[word.index(after: place)...]
            return value.isEmpty ? next : String(value)
        }
        return nil
    }

    /// Whether an option without a value is set.
    private func has(_ letter: Character, _ name: String) -> Bool {
        words.contains { word in
            Self.isOption(word, name)
                || word.hasPrefix("-") && !word.hasPrefix("--")
                    && word.dropFirst().prefix(while: Self.flags.contains).contains(letter)
        }
    }
}
