import Foundation
import TestSupport
import Testing

@testable import Alerting
@testable import Listeners

/// Whether docs/alerts.md is complete.
@Suite struct AlertPageContentTests {
    @Test func `the page has an alert of each kind`() throws {
        let page = try Document("docs/alerts.md")
        let kinds = page.section("## Channels")
        for kind in Incident.Kind.allCases {
            // Alerts without an incident of a known kind are of this one, too.
            #expect(kinds.contains { $0.hasPrefix("| `\(kind.rawValue)` |") }, "\(kind)")
        }
    }

    @Test func `the page has alerts of each tool`() throws {
        let page = try Document("docs/alerts.md")
        for tool in Listeners.Tool.all {
            let name = tool.options.programName
            #expect(page.headings.contains("## \(name)"), "\(name)")
            #expect(page.text.contains("\n### \(name): "), "\(name)")
        }
    }

    @Test func `the page has a headline with each predicate of the sources`() throws {
        let rows = try Document("docs/alerts.md").section("## All alerts")
        for predicate in try Self.predicates().subtracting(Self.unshown) {
            #expect(rows.contains { $0.contains(predicate) }, "\(predicate)")
        }
    }

    /// supervisord would have to hang for a minute after a stop.
    private static let unshown: Set = ["may have stopped"]

    /// The texts that sources assign to `predicate`, as far as they are fixed.
    private static func predicates() throws -> Set<String> {
        let names = FileManager.default.enumerator(atPath: "\(Document.root)/Sources/Listeners")
        var predicates: Set<String> = []
        let files = names?.compactMap { $0 as? String } ?? []
        for name in files where name.hasSuffix(".swift") {
            let text = try Document("Sources/Listeners/\(name)").text
            for match in text.matches(of: /predicate:? (?:= )?"([^"\\]+)"/) {
                predicates.insert(String(match.output.1))
            }
        }
        return predicates
    }
}
