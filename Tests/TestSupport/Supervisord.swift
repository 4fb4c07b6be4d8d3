import Foundation

/// A real supervisord in its own directory; on deinit it is killed with its descendants.
package final class Supervisord {
    /// A release that scripts/setup has installed below .build.
    package enum Version: String, CaseIterable {
        case current = "4.3.0"
        case debian = "4.2.5"
    }

    /// A part of the configuration to leave out.
    package enum Lack {
        /// All HTTP servers, so that there is no RPC.
        case httpServer
        /// The section of the RPC interface.
        case rpcInterface
    }

    package let directory: TemporaryDirectory
    private let keeper: HelperServer

    /// Starts supervisord and waits until it responds; `sections` follow its own sections.
    package init(
        _ version: Version, without lack: Lack? = nil, _ sections: [Section]
    ) throws {
        directory = try TemporaryDirectory()
        let configuration = try directory.write(
            "supervisord.conf",
            Self.ownSections(directory.path, without: lack)
                + sections.map(\.text).joined(separator: "\n"))
        keeper = try HelperServer(
            "supervisord_keeper.py",
            [try Self.program(version), configuration]
                + (lack == .httpServer ? [] : [directory.path("supervisor.sock")]))
        if let trouble = try keeper.greeting(Greeting.self).trouble {
            throw TestFailure("\(trouble)\n\(log)\n\(keeper.standardError)")
        }
    }

    /// Starts supervisord with an excerpt from a page, and waits until it responds.
    package init(_ version: Version, as shown: ShownConfiguration) throws {
        directory = try TemporaryDirectory()
        let stage = try ConfigurationStage(shown, in: directory)
        let configuration = try directory.write("supervisord.conf", stage.text)
        keeper = try HelperServer(
            "supervisord_keeper.py", [try Self.program(version), configuration, stage.socket],
            environment: stage.environment)
        if let trouble = try keeper.greeting(Greeting.self).trouble {
            throw TestFailure("\(shown): \(trouble)\n\(output)\n\(keeper.standardError)")
        }
    }

    /// Its standard output, which has its log.
    package var output: String { directory.read("supervisord.out") }

    /// Its own log.
    package var log: String { directory.read("supervisord.log") }

    /// The stderr of a program or listener.
    package func standardError(of name: String) -> String { directory.read("\(name).err") }

    /// Calls a method that returns a boolean, such as `supervisor.stopProcess`.
    package func call(_ method: String, _ parameters: String...) throws {
        _ = try keeper.ask(Call(call: method, params: parameters), for: Bool.self)
    }

    /// All processes, from `supervisor.getAllProcessInfo`.
    package func processes() throws -> [Process] {
        try keeper.ask(
            Call(call: "supervisor.getAllProcessInfo", params: []), for: [Process].self)
    }

    /// One process.
    package func process(_ name: String) throws -> Process {
        guard let process = try processes().first(where: { $0.name == name }) else {
            throw TestFailure("supervisord knows no \(name)")
        }
        return process
    }

    /// Waits until a process meets a condition.
    @discardableResult
    package func wait(
        for name: String, within duration: Duration = patience, until isWanted: (Process) -> Bool
    ) throws -> Process {
        try eventually("a change of \(name)\n\(log)\n\(standardError(of: name))", within: duration)
        {
            let process = try process(name)
            return isWanted(process) ? process : nil
        }
    }

    /// Sends a signal such as SIGHUP to supervisord itself.
    package func send(signal: Int32) throws {
        _ = try keeper.ask(["signal": Int(signal)], for: Bool.self)
    }

    /// Shuts it down and returns its exit status; remaining descendants are killed.
    @discardableResult
    package func stop(within seconds: Int = 60) throws -> Int {
        try keeper.ask(["stop": seconds], for: Int.self, within: .seconds(seconds) + patience)
    }

    /// All its sources as one text, with adjacent string literals joined.
    package static func sources(_ version: Version) throws -> String {
        let library = "\(folder(version))/lib"
        let files = FileManager.default.enumerator(atPath: library)?.compactMap { $0 as? String }
        let own = (files ?? []).filter {
            $0.contains("/supervisor/") && !$0.contains("/tests/") && $0.hasSuffix(".py")
        }
        let text = try own.map { try String(contentsOfFile: "\(library)/\($0)", encoding: .utf8) }
        return text.joined().replacing(/['"]\s*\n\s*['"]/, with: "")
    }

    private static func folder(_ version: Version) -> String {
        "\(Document.root)/.build/supervisor-\(version.rawValue)"
    }

    /// The path of the program.
    package static func program(_ version: Version) throws -> String {
        let path = "\(folder(version))/bin/supervisord"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestFailure("there is no supervisord \(version.rawValue); run scripts/setup test")
        }
        return path
    }

    /// Its own sections for a directory.
    package static func ownSections(_ folder: String, without lack: Lack? = nil) -> String {
        let httpServer = """
            [unix_http_server]
            file=\(folder)/supervisor.sock

            """
        let rpcInterface = """
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

            """
        return """
            [supervisord]
            directory=\(folder)
            childlogdir=\(folder)
            logfile=\(folder)/supervisord.log
            logfile_maxbytes=0
            pidfile=\(folder)/supervisord.pid

            \(lack == .httpServer ? "" : httpServer)
            \(lack == .rpcInterface ? "" : rpcInterface)

            """
    }

    private struct Greeting: Decodable {
        let trouble: String?
    }

    private struct Call: Encodable {
        let call: String
        let params: [String]
    }
}
