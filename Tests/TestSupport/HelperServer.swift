import Foundation

/// Runs a script of Tests/TestSupport/Servers that answers each line of JSON with another one; see
/// control.py.
final class HelperServer {
    private let process: ChildProcess

    /// Debian's Python, the only one that finds Debian's packages.
    static let python = "/usr/bin/python3"

    /// The path of a script.
    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Servers/\(name)"
    }

    init(
        _ name: String, _ arguments: [String] = [],
        environment: [String: String] = ChildProcess.environment()
    ) throws {
        process = try ChildProcess(
            [Self.python, "-B", Self.script(name)] + arguments, environment: environment)
    }

    deinit {
        // The end of its stdin makes it stop its own children.
        process.closeInput()
        _ = try? process.waitForExit(within: .seconds(20))
    }

    /// Its stderr, which explains failures.
    var standardError: String { process.standardError }

    /// Reads the server's first line.
    func greeting<Greeting: Decodable>(_ type: Greeting.Type, within duration: Duration = patience)
        throws -> Greeting
    {
        let line = try process.readLine(within: duration)
        return try JSONDecoder().decode(type, from: Data(line.utf8))
    }

    /// Sends a request and reads the response.
    func ask<Answer: Decodable>(
        _ request: some Encodable, for type: Answer.Type, within duration: Duration = patience
    ) throws -> Answer {
        try process.write(Array(JSONEncoder().encode(request)) + [UInt8(ascii: "\n")])
        let line = try process.readLine(within: duration)
        let reply = try JSONDecoder().decode(Reply<Answer>.self, from: Data(line.utf8))
        if let error = reply.error { throw TestFailure(error) }
        guard let result = reply.result else { throw TestFailure("no result in \(line)") }
        return result
    }

    /// Sends a request whose response only confirms it.
    func tell(_ request: some Encodable) throws {
        _ = try ask(request, for: Bool.self)
    }
}

extension HelperServer {
    /// The port that a server listens on.
    struct Port: Decodable {
        let port: Int
    }

    private struct Reply<Answer: Decodable>: Decodable {
        let result: Answer?
        let error: String?
    }
}
