import Foundation

/// A tool under test.
package struct Tool: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The tool's name.
    package let rawValue: String

    /// Creates a tool by its name.
    package init(_ name: String) {
        rawValue = name
    }

    package static let httpok = Tool("httpok")
    package static let memmon = Tool("memmon")
    package static let crashmail = Tool("crashmail")
    package static let crashmailbatch = Tool("crashmailbatch")
    package static let fatalmailbatch = Tool("fatalmailbatch")
    package static let crashsms = Tool("crashsms")
    package static let fatalexit = Tool("fatalexit")
    package static let fatalretry = Tool("fatalretry")

    /// All tools, from `superlance --tools`.
    package static let allCases: [Tool] = {
        let names = (try? ChildProcess.run([superlance, "--tools"])) ?? []
        return String(decoding: names, as: UTF8.self).split(separator: "\n").map { Tool("\($0)") }
    }()

    package var description: String { rawValue }

    /// The minimum arguments of the tool.
    package var usualArguments: [String] {
        switch self {
        case .httpok: ["-p", "web", "http://127.0.0.1:1/"]
        case .memmon: ["-p", "web=1GB"]
        case .crashmail: ["-a"]
        case .crashmailbatch, .fatalmailbatch, .crashsms:
            ["-t", "ops@example.org", "-f", "supervisor@example.org"]
        default: ["-p", "web"]
        }
    }

    /// The path of the program: in TOOLS_DIR, by default beside the test runner.
    package var path: String { "\(Self.folder)/\(rawValue)" }

    /// The path of `superlance`, the program that contains all tools.
    package static var superlance: String { "\(folder)/superlance" }

    /// The folder of the programs.
    package static let folder =
        ProcessInfo.processInfo.environment["TOOLS_DIR"] ?? BuildFolder.path
}
