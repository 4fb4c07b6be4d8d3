// Whether the documentation speaks of the tools as they are.

import Foundation
import ListenerProtocol
import TestSupport
import Testing

@testable import Listeners

/// Every page against the tables that the tools read their command lines by.
@Suite struct DocumentationTests {
    @Test func `every tool accepts the sections shown for it`() throws {
        var tools: Set<String> = []
        for document in try Document.all() {
            for block in document.blocks(in: "ini") {
                for section in try ListenerSection.all(in: block) {
                    try check(section, of: document)
                    tools.insert(section.tool)
                }
            }
        }
        #expect(tools.isSuperset(of: DocumentedTool.all.map(\.table.programName)))
    }

    private func check(_ section: ListenerSection, of document: Document) throws {
        guard let tool = DocumentedTool.all.first(where: { $0.table.programName == section.tool })
        else { return }
        let place = "\(document): [eventlistener:\(section.name)]"
        let (warnings, wanted) = try tool.read(section.arguments)
        // Files that the pages speak of are not on this machine.
        #expect(warnings.allSatisfy { $0.contains(": cannot read /") }, "\(place)")
        for event in section.events { #expect(Self.events.contains(event), "\(place)") }
        for event in wanted {
            // PROCESS_STATE brings every change of state; TICK stands for one of any length.
            let isHeard = section.events.contains { $0 ~= event || event ~= $0 }
            #expect(isHeard, "\(place) requires \(event)")
        }
        #expect(section.values["buffer_size"] == "1024", "\(place)")
        // With the default of 1, a listener that cannot start becomes FATAL.
        #expect(section.values["startsecs"] == nil, "\(place)")
        #expect(section.values["redirect_stderr"] == nil, "\(place)")
    }

    @Test(arguments: DocumentedTool.all)
    func `the page of a tool has all of its options and no others`(tool: DocumentedTool) throws {
        let page = try Document("docs/\(tool.table.programName).md")
        #expect(rows(page.section("## Options")) == tool.table.options.map(names))
    }

    @Test(arguments: DocumentedTool.all)
    func `the page of a tool begins with its usage`(tool: DocumentedTool) throws {
        let page = try Document("docs/\(tool.table.programName).md")
        let synopsis = page.blocks(in: "text").first?.split(whereSeparator: \.isWhitespace)
        #expect(synopsis.map { "usage: " + $0.joined(separator: " ") } == tool.table.usage)
        #expect(
            page.headings == [
                "## Synopsis", "## Description", "## Options", "## What it logs and mails",
                "## Exit status", "## Examples",
            ])
    }

    /// The tools that superlance 2.0.0 has.
    private static let ofSuperlance = [
        "httpok", "memmon", "crashmail", "crashmailbatch", "fatalmailbatch", "crashsms",
    ]

    @Test(arguments: DocumentedTool.all)
    func `compatibility has every option of superlance`(tool: DocumentedTool) throws {
        let page = try Document("docs/compatibility.md")
        // The others are not superlance's.
        guard Self.ofSuperlance.contains(tool.table.programName) else { return }
        let official = tool.table.options.filter(\.isOriginal)
        let heading = page.headings.first { $0.contains(tool.table.programName) } ?? ""
        let options = page.section(String(heading)).prefix { !$0.hasPrefix("| difference") }
        #expect(rows(options) == official.map(names))
    }

    @Test func `every link to a file leads to one`() throws {
        for document in try Document.all() {
            for file in document.linkedFiles {
                #expect(FileManager.default.fileExists(atPath: file), "\(document): \(file)")
            }
        }
    }

    @Test func `every link to a heading leads to one`() throws {
        let pages = try Document.all()
        for page in pages {
            for link in page.text.matches(of: /\]\(([\w.\/-]*)#([\w-]+)\)/) {
                let file = link.output.1.isEmpty ? Substring(page.name) : link.output.1
                let name = file.split(separator: "/").last
                let target = pages.first { $0.name.split(separator: "/").last == name }
                #expect(target?.anchors.contains(String(link.output.2)) == true, "\(link.output.0)")
            }
        }
    }

    @Test func `architecture describes every folder of the sources`() throws {
        let page = try Document("docs/architecture.md").text
        // The page of a tool describes its folders.
        let tools = DocumentedTool.all.map(\.table.programName)
        let sources = "\(Document.root)/Sources"
        let paths = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String }
        for path in paths ?? [] where path.hasSuffix(".swift") || path.hasSuffix(".c") {
            let folders = path.split(separator: "/").dropLast()
            for folder in folders where !tools.contains(folder.lowercased()) {
                #expect(page.contains(folder), "\(path)")
            }
        }
    }

    @Test func `the table of pages in README has them all`() throws {
        let readme = try Document("README.md")
        let linked = Set(readme.linkedFiles)
        for page in try Document.all() where page.name != readme.name {
            #expect(linked.contains("\(Document.root)/\(page)"), "\(page)")
        }
    }

    // MARK: Helpers

    /// The first cells of a table's rows, if they are code.
    private func rows(_ lines: some Sequence<Substring>) -> [Substring] {
        lines.filter { $0.hasPrefix("| `") }.map {
            $0.dropFirst(2).prefix { $0 != "|" }.dropLast()
        }
    }

    /// How a table names an option: `` `-p`, `--program NAME` ``.
    private func names(_ option: OptionSpecification) -> Substring {
        let value = option.placeholder.map { " \($0)" } ?? ""
        let letter = option.letter.map { "`-\($0)`, " } ?? ""
        return "\(letter)`--\(option.longName)\(value)`"
    }

    private static let events: Set<EventName> = [
        .event, .processState, .processStateStarting, .processStateRunning, .processStateBackoff,
        .processStateStopping, .processStateExited, .processStateStopped, .processStateFatal,
        .processStateUnknown, .processLog, .processLogStdout, .processLogStderr,
        .processCommunication, .processCommunicationStdout, .processCommunicationStderr,
        .remoteCommunication, .supervisorStateChange, .supervisorStateChangeRunning,
        .supervisorStateChangeStopping, .tick, .tick5, .tick60, .tick3600, .processGroup,
        .processGroupAdded, .processGroupRemoved,
    ]
}

/// A tool, and how it parses its command line.
struct DocumentedTool: CustomStringConvertible {
    private let tool: Listeners.Tool

    var table: OptionTable { tool.options }

    var description: String { table.programName }

    static let all = Listeners.Tool.all.map { DocumentedTool(tool: $0) }

    /// Parses a command line, and returns its warnings and the events that it requires.
    func read(_ words: [String]) throws -> (warnings: [String], expected: [EventName]) {
        let host = ListenerEnvironment(environment: [
            "SUPERVISOR_ENABLED": "1", "SUPERVISOR_SERVER_URL": "unix:///run/supervisor.sock",
            "SUPERLANCE_SMTP_PASSWORD": "open sesame",
        ])
        let arguments = try table.parse(words)
        let settings = try Settings(arguments, of: table, environment: host, mailer: tool.mailer)
        _ = try settings.client()
        _ = try tool.prepare(settings)
        return (settings.warnings, tool.needs(arguments).events.map(\.name))
    }
}

/// An `[eventlistener:x]` section.
private struct ListenerSection {
    let name: String
    let values: [String: String]
    let tool: String
    let arguments: [String]

    var events: [EventName] {
        (values["events"] ?? "").split(separator: ",").map { EventName(rawValue: String($0)) }
    }

    private init(name: String, values: [String: String]) throws {
        self.name = name
        self.values = values
        // A shell takes quotes as supervisord's shlex does.
        let output = try ChildProcess.run([
            "/bin/sh", "-c", "printf '%s\\n' \(values["command"] ?? "")",
        ])
        let words = String(decoding: output, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast().map(String.init)
        tool = words.first?.split(separator: "/").last.map(String.init) ?? ""
        arguments = Array(words.dropFirst())
    }

    /// The sections of a configuration.
    static func all(in text: String) throws -> [ListenerSection] {
        let heading = "[eventlistener:"
        return try text.components(separatedBy: heading).dropFirst().map { part in
            let body = part.components(separatedBy: "\n[").first ?? ""
            let lines = body.split(separator: "\n")
            let pairs = lines.dropFirst().filter { !$0.hasPrefix(";") }.compactMap { line in
                line.firstIndex(of: "=").map { equals in
                    (String(line[..<equals]), String(line[line.index(after: equals)...]))
                }
            }
            let name = lines.first.map { String($0.prefix { $0 != "]" }) } ?? ""
            return try ListenerSection(name: name, values: Dictionary(pairs) { $1 })
        }
    }
}
