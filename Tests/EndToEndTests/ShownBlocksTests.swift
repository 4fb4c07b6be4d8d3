import Foundation
import TestSupport
import Testing

/// Code blocks in languages that can be checked.
@Suite struct ShownBlocksTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func `JSON is JSON`() throws {
        for (page, text) in try Self.blocks(in: "json") {
            let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
            #expect(value != nil, "\(page)")
        }
    }

    @Test func `shell commands are valid`() throws {
        for (page, text) in try Self.blocks(in: "sh") {
            let file = try folder.write("block.sh", text)
            #expect(throws: Never.self, "\(page)") {
                try ChildProcess.run(["/bin/bash", "-n", file])
            }
        }
    }

    @Test func `Prometheus accepts the rules`() throws {
        for (page, text) in try Self.blocks(in: "yaml") where text.hasPrefix("- alert:") {
            let rules = text.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
            let file = try folder.write(
                "rules.yml", "groups:\n  - name: superlance\n    rules:\n\(rules)\n")
            let promtool = try Alertmanager.program("promtool")
            #expect(throws: Never.self, "\(page)") {
                try ChildProcess.run([promtool, "check", "rules", file])
            }
        }
    }

    @Test func `Alertmanager accepts its configuration`() throws {
        for (page, text) in try Self.blocks(in: "yaml") where text.hasPrefix("route:") {
            let file = try folder.write("alertmanager.yml", text)
            let amtool = try Alertmanager.program("amtool")
            #expect(throws: Never.self, "\(page)") {
                try ChildProcess.run([amtool, "check-config", file])
            }
        }
    }

    /// Otherwise a page could contain unchecked code.
    @Test func `a block names a language that is checked, or is no configuration`() throws {
        for page in try Document.all() {
            let languages = page.text.matches(of: /(?m)^ *```(\w*)$/).map { String($0.output.1) }
            let known = ["", "ini", "text", "swift", "json", "sh", "yaml", "dockerfile"]
            for language in languages { #expect(known.contains(language), "\(page)") }
            let pieces = page.blocks(in: "ini").joined()
            let all = page.text.matches(of: /(?m)^ *\[(eventlistener|program):/).count
            #expect(pieces.matches(of: /(?m)^\[(eventlistener|program):/).count == all, "\(page)")
            for text in page.blocks(in: "yaml") {
                #expect(["- alert:", "route:"].contains { text.hasPrefix($0) }, "\(page)")
            }
        }
    }

    private static func blocks(in language: String) throws -> [(Document, String)] {
        try Document.all().flatMap { page in page.blocks(in: language).map { (page, $0) } }
    }
}
