// An XML-RPC server in Python that lives as long as the object which stands for it.

import Foundation

/// A running rpc_server.py; it prints a line of facts when it listens.
final class RPCServer: Sendable {
    struct Facts: Decodable {
        var port: Int?
    }

    let facts: Facts
    private let process: Process
    private let input: Pipe

    init(_ arguments: String...) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        process = Process()
        input = Pipe()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            ["-B", folder.appendingPathComponent("Servers/rpc_server.py").path] + arguments
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
        try pipe.fileHandleForWriting.close()
        var rest = Data()
        let line = Self.readLine(pipe.fileHandleForReading, &rest)
        facts = try JSONDecoder().decode(Facts.self, from: line)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        // Closing its input lets it clean up; should a copy of that pipe be open elsewhere, this
        // ends it.
        for _ in 0..<100 where process.isRunning { usleep(10_000) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    var port: Int { facts.port ?? 0 }

    private static func readLine(_ file: FileHandle, _ buffer: inout Data) -> Data {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = Data(buffer[..<end])
                buffer = Data(buffer[(end + 1)...])
                return line
            }
            let more = file.availableData
            if more.isEmpty { return buffer }
            buffer += more
        }
    }
}
