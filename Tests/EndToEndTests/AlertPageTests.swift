import Foundation
import TestSupport
import Testing

/// docs/alerts.md against what the tools send.
@Suite struct AlertPageTests {
    /// The script runs all scenes at once, and those again that the machine was too slow for.
    @Test func `every alert on the page is as the tools send it`() throws {
        let process = try ChildProcess(
            ["\(Document.root)/scripts/alert-page", "--check"],
            environment: ChildProcess.environment(adding: ["TOOLS_DIR": Tool.folder]))
        process.closeInput()
        let difference = try process.readToEnd(within: .seconds(400))
        let ending = try process.waitForExit(within: .seconds(20))
        let words = String(decoding: difference.prefix(8_000), as: UTF8.self)
        #expect(ending == .exited(0), "\(words)\n\(process.standardError.suffix(2_000))")
    }
}
