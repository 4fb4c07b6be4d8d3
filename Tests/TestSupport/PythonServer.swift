import Foundation

/// A script of the directory Servers beside the test, which prints a line of facts when it listens.
package final class PythonServer {
    /// The line of facts.
    package struct Facts: Decodable {
        /// The port that it listens on.
        package var port: Int?
        /// The certificate authority to trust.
        package var ca: String?
    }

    package let facts: Facts
    private let process: ChildProcess

    /// Starts a script and waits until it listens.
    package init(_ script: String, _ arguments: String..., file: String = #filePath) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        process = try ChildProcess(
            [HelperServer.python, "-B", "\(folder)/Servers/\(script)"] + arguments)
        facts = try JSONDecoder().decode(Facts.self, from: Data(process.readLine().utf8))
    }

    deinit {
        // The end of its stdin makes it clean up.
        process.closeInput()
        _ = try? process.waitForExit(within: .seconds(5))
    }

    package var port: Int { facts.port ?? 0 }

    /// Reads the next line that the server prints.
    package func line<T: Decodable>(as type: T.Type) throws -> T {
        try JSONDecoder().decode(type, from: Data(process.readLine().utf8))
    }
}
