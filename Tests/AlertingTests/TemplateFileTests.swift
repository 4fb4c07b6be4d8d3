// Files that are templates, and files that are none.

import Foundation
import System
import TestSupport
import Testing

@testable import Alerting

/// Files that are templates, and files that are none.
@Suite struct TemplateFileTests {
    private static func fault(of template: String) throws -> String? {
        let directory = try TemporaryDirectory()
        let path = try directory.write("x", template)
        let alert = Alert(
            subject: "a \"b\"", body: "text", time: .now,
            incidents: [Incident(.other, at: .now, message: "\n")])
        let document = AlertDocument(origin: Origin(tool: "memmon", host: "vm"))
        do throws(WebFormatError) {
            _ = try Template(file: path).render(document.values(alert))
            return nil
        } catch {
            #expect(!error.mayPass)
            return error.reason.replacing("the template \(path): ", with: "")
        }
    }

    @Test(arguments: [
        "{\"a\":\"{{text}}\"}", "[{{#alerts}}\"{{message}}\"{{^last()}},{{/last()}}{{/alerts}}]",
        "\u{FEFF}[]", " [] \n",
        "{\"pid\": {{#process}}{{pid}}{{/process}}{{^process}}0{{/process}}}",
    ])
    func `a template that renders to a JSON object or array is accepted`(template: String) throws {
        #expect(try Self.fault(of: template) == nil)
    }

    @Test(arguments: [
        ("{\"a\":\"{{{text}}}\"}", "does not render to JSON"), ("", "does not render to JSON"),
        ("\"{{text}}\"", "does not render to JSON"),
        ("[{{#alerts}}\"{{message}}\",{{/alerts}}]", "does not render to JSON"),
        ("\n{{text", "does not parse: a tag is not closed, line 2"),
        (
            String(repeating: "{{#alerts}}", count: 50),
            "does not parse: the section alerts has no end, line 1"
        ),
        (String(repeating: " ", count: 262_145), "is larger than 262144 bytes"),
        (String(repeating: "{{", count: 5_000_000), "is larger than 262144 bytes"),
    ])
    func `an error in a template is described in one clause`(template: String, words: String) throws
    {
        #expect(try Self.fault(of: template) == words)
    }

    @Test(arguments: ["/nonexistent", "/", "/proc/self/mem"])
    func `an unreadable file is rejected`(path: String) {
        #expect(throws: TemplateFault.notReadable) { try TemplateFile.text(at: path) }
    }

    @Test func `a file that is not UTF-8 is rejected`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("latin1")
        try Data([0x5B, 0x22, 0xE4, 0x22, 0x5D]).write(to: URL(fileURLWithPath: path))
        #expect(throws: TemplateFault.notUTF8) { try TemplateFile.text(at: path) }
    }
}
