import Foundation

/// Adapts an excerpt of supervisord.conf from a page, so that it runs on the test host.
///
/// The excerpt is used as shown, except for what depends on the host:
///
/// - Paths are moved into a temporary directory with the same subdirectories.
/// - Programs are resolved by name: our tools are those that were built, other listeners are
///   replaced by the one in docs/own-listener.md, and all other programs sleep.
/// - Users are replaced by the current one, and ports by free ones.
/// - Host names are replaced by one that does not exist (RFC 6761), so that tests never leave the
///   host.
///
/// Missing sections of a complete configuration are added.
struct ConfigurationStage {
    /// The configuration.
    let text: String
    /// supervisord's socket.
    let socket: String
    /// The environment for supervisord.
    let environment: [String: String]

    private let folder: TemporaryDirectory

    init(_ shown: ShownConfiguration, in folder: TemporaryDirectory) throws {
        self.folder = folder
        let lines = shown.text.split(separator: "\n", omittingEmptySubsequences: false).map {
            Self.adapted(String($0))
        }
        var text = lines.joined(separator: "\n")
        text = Self.replacing(#"(https?|smtps?)://(?!localhost|127\.|\[)([\w.-]+)"#, in: text) {
            "\($0).invalid"
        }
        text = try Self.replacing(port: shown.sections, in: text)
        text = Self.replacing(Self.path, in: text) { folder.path + $0 }

        let own = ShownConfiguration("", text: text).sections
        let kinds = Set(own.map(\.name))
        if !kinds.contains("supervisord") { text += Self.supervisord(folder.path) }
        if !kinds.contains("unix_http_server") {
            text += "\n[unix_http_server]\nfile=\(folder.path("own.sock"))\n"
        }
        if !kinds.contains("rpcinterface:supervisor") { text += Self.rpcInterface }
        self.text = text
        let server = own.first { $0.name == "unix_http_server" }
        socket = server?.values["file"] ?? folder.path("own.sock")
        environment = Self.environment(text, folder)
        try furnish(own)
    }

    // MARK: The text

    /// An absolute path, except those that exist on every host.
    private static let path =
        #"(?<![\w.:/\])}…-]|://[^/ ]{1,99})/(?!usr/|bin/|dev/|proc/|sys/)[a-z][\w/.-]*"#
        + #"|(?<=unix://)/[\w/.-]+"#

    private static func adapted(_ line: String) -> String {
        guard let equals = line.firstIndex(of: "=") else { return line }
        let value = String(line[line.index(after: equals)...])
        switch line[..<equals] {
        case "user": return "user=\(user)"
        case "chown": return "chown=\(user)"
        case "command":
            let words = value.split(separator: " ", maxSplits: 1)
            let program = words[0].split(separator: "/").last ?? words[0]
            return "command=" + ([program] + words.dropFirst()).joined(separator: " ")
        default: return line
        }
    }

    private static func replacing(
        _ pattern: String, in text: String, by replacement: (String) -> String
    ) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return text }
        var text = text
        let whole = NSRange(text.startIndex..., in: text)
        for match in expression.matches(in: text, range: whole).reversed() {
            guard let range = Range(match.range, in: text) else { continue }
            text.replaceSubrange(range, with: replacement(String(text[range])))
        }
        return text
    }

    /// Replaces the port of `[inet_http_server]` by a free one, wherever it occurs.
    private static func replacing(
        port sections: [ShownConfiguration.Section], in text: String
    ) throws -> String {
        let server = sections.first { $0.name == "inet_http_server" }
        guard let shown = server?.values["port"]?.split(separator: ":").last else { return text }
        let free = try FreePort.find()
        return replacing(":\(shown)\\b", in: text) { _ in ":\(free)" }
    }

    private static var user: String { String(cString: getpwuid(getuid()).pointee.pw_name) }

    private static func supervisord(_ folder: String) -> String {
        """

        [supervisord]
        directory=\(folder)
        logfile=\(folder)/supervisord.log
        pidfile=\(folder)/supervisord.pid

        """
    }

    private static let rpcInterface = """

        [rpcinterface:supervisor]
        supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

        """

    /// Logs are written to the temporary directory, and all variables that the text uses are set.
    private static func environment(
        _ text: String, _ folder: TemporaryDirectory
    ) -> [String: String] {
        let names = text.matches(of: /%\(ENV_(\w+)\)s/).map { String($0.output.1) }
        let wanted = names.map { ($0, $0.hasSuffix("URL") ? "http://localhost:1/" : "x") }
        let own = ["PATH": "\(folder.path("bin")):/usr/bin:/bin", "TMPDIR": folder.path]
        return ChildProcess.environment(
            adding: own.merging(wanted.filter { $0.0 != "PATH" }) { $1 })
    }

    // MARK: The directory

    private func furnish(_ sections: [ShownConfiguration.Section]) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
        for tool in Tool.allCases { try link(tool.path, as: tool.rawValue) }
        for section in sections {
            for (key, value) in section.values {
                for path in paths(in: value) {
                    let isDirectory = ["directory", "childlogdir"].contains(key)
                    let parent = isDirectory ? path : (path as NSString).deletingLastPathComponent
                    try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
                    if path.hasSuffix(".mustache") { try place(template: path) }
                }
            }
            try cast(section)
        }
    }

    private func paths(in value: String) -> [String] {
        value.components(separatedBy: folder.path + "/").dropFirst().map { rest in
            folder.path("\(rest.prefix { !$0.isWhitespace && !"\"',;".contains($0) })")
        }
    }

    /// Creates a template file as one of ours.
    private func place(template path: String) throws {
        let name = (path as NSString).lastPathComponent
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.copyItem(
            atPath: "\(Document.root)/docs/templates/\(name)", toPath: path)
    }

    /// Creates a program for the command of a section.
    private func cast(_ section: ShownConfiguration.Section) throws {
        guard let name = section.values["command"]?.split(separator: " ").first.map(String.init),
            !FileManager.default.fileExists(atPath: folder.path("bin/\(name)")),
            !["sh", "bash", "env"].contains(name)
        else { return }
        guard section.name(as: "eventlistener") == nil else {
            return try link("\(BuildFolder.path)/OwnListener", as: name)
        }
        try folder.writeProgram("bin/\(name)", "#!/bin/sh\nexec sleep 86400\n")
    }

    private func link(_ program: String, as name: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("bin/\(name)"), withDestinationPath: program)
    }
}
