import Foundation

/// A tool under test.
package enum Tool: String, CaseIterable {
    case httpok, memmon, crashmail, crashmailbatch, fatalmailbatch, crashsms, fatalexit, fatalretry

    /// The path of the program: in TOOLS_DIR, by default beside the test runner.
    package var path: String { "\(Self.folder)/\(rawValue)" }

    /// The path of `superlance`, the program that contains all tools.
    package static var superlance: String { "\(folder)/superlance" }

    private static let folder =
        ProcessInfo.processInfo.environment["TOOLS_DIR"] ?? BuildFolder.path
}
