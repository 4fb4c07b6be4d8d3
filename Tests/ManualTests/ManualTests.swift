// The manual pages and completions, as they are installed.

import Foundation
import System
import TestSupport
import Testing

@testable import Listeners

/// What superlance-manual writes, against the tables that the tools read their command lines by.
@Suite struct ManualTests {
    private let folder: String

    init() throws {
        folder = try Self.folder.get()
    }

    /// Where the files are written once for all tests.
    private static let folder = Result {
        let folder = "\(BuildFolder.path)/ManualTests"
        try? FileManager.default.removeItem(atPath: folder)
        try ChildProcess.run([
            "\(BuildFolder.path)/superlance-manual", "\(Document.root)/docs", "\(folder)/usr",
        ])
        return folder
    }

    // MARK: Manual pages

    @Test(arguments: OptionTable.ofAllTools)
    func `every option is in the page of its tool`(table: OptionTable) throws {
        let page = text(try page(table.programName)).replacingOccurrences(of: "\\-", with: "-")
        for option in table.options {
            let letter = option.letter.map { "\\fB-\($0)\\fR, " } ?? ""
            let value = option.placeholder.map { " \\fI\($0)\\fR" } ?? ""
            #expect(page.contains("\n.TP\n\(letter)\\fB--\(option.longName)\\fR\(value)\n"))
        }
    }

    @Test(arguments: OptionTable.ofAllTools)
    func `a page has the sections of a manual`(table: OptionTable) throws {
        let page = text(try page(table.programName))
        let headings = page.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map {
            $0.dropFirst(4)
        }
        #expect(
            headings == [
                "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT",
                "DIAGNOSTICS", "EXAMPLES", "SEE ALSO",
            ])
        #expect(page.contains("\n[eventlistener:\(table.programName)]\n"))
        for (names, _) in table.variables {
            for name in names { #expect(page.contains("\\fB\(name)\\fR")) }
        }
        #expect(!hasMarkdown(page))
    }

    @Test func `the page of superlance has its commands, with all their options`() throws {
        let page = text(try page("superlance")).replacingOccurrences(of: "\\-", with: "-")
        let headings = page.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map {
            $0.dropFirst(4)
        }
        #expect(
            headings == [
                "NAME", "SYNOPSIS", "DESCRIPTION", "INIT", "DOCTOR", "STATUS", "SILENCE",
                "SEE ALSO",
            ])
        for table in OptionTable.ofCommands {
            #expect(page.contains("\n.B \(table.programName) "))
            for option in table.options where option.longName != "help" {
                #expect(words(of: option).contains { page.contains($0) }, "\(option.longName)")
            }
        }
        #expect(!hasMarkdown(page))
    }

    @Test func `the changelog has the release that the pages are dated by`() throws {
        let page = text(try page("crashmail"))
        let words = page.split(separator: "\n").first?.split(separator: "\"")
        let date = try #require(words?.dropFirst().first)
        let changelog = try Document("CHANGELOG.md")
        #expect(changelog.headings.first == "## [Unreleased]")
        #expect(changelog.headings.dropFirst().first == "## [\(OptionTable.version)] - \(date)")
    }

    @Test(
        .enabled(if: has("mandoc")),
        arguments: OptionTable.ofAllTools.map(\.programName) + ["superlance"])
    func `mandoc finds no fault in a page`(name: String) throws {
        #expect(
            text(try ChildProcess.run(["/usr/bin/mandoc", "-Tlint", file(page: name)])).isEmpty)
    }

    @Test(
        .enabled(if: has("man")),
        arguments: OptionTable.ofAllTools.map(\.programName) + ["superlance"])
    func `man shows a page without a warning`(name: String) throws {
        let child = try ChildProcess(
            ["/usr/bin/man", "--warnings", "-E", "UTF-8", "-l", "-P", "cat", file(page: name)],
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"])
        child.closeInput()
        #expect(text(try child.readToEnd()).contains(name))
        #expect(try child.waitForExit() == .exited(0))
        #expect(child.standardError.isEmpty)
    }

    // MARK: Completions

    @Test(arguments: OptionTable.ofAllTools)
    func `bash completes every option`(table: OptionTable) throws {
        let name = table.programName
        let file = path("usr/share/bash-completion/completions/\(name)")
        try ChildProcess.run(["/bin/bash", "-n", file])
        let script = """
            . \(file); COMP_CWORD=1
            for word in - -- --tls; do
                COMP_WORDS=(\(name) $word); _superlance_\(name); printf '%s\\n' "${COMPREPLY[@]}"
            done
            """
        let words = Set(lines(try ChildProcess.run(["/bin/bash", "-uc", script])))
        #expect(words == Set(table.options.flatMap(words(of:))))
    }

    @Test(.enabled(if: has("shellcheck")))
    func `shellcheck finds no fault in the completions for bash`() throws {
        let files = (OptionTable.ofAllTools.map(\.programName) + ["superlance"]).map {
            path("usr/share/bash-completion/completions/\($0)")
        }
        try ChildProcess.run(["/usr/bin/shellcheck"] + files)
    }

    @Test(arguments: [
        (["d"], "doctor"), (["doctor", "--j"], "--json"), (["silence", "--en"], "--end"),
        (["status", "--w"], "--watch"), (["--v"], "--version"), (["init", "unshar"], "unshare"),
    ])
    func `bash completes superlance's commands`(use: (words: [String], completion: String)) throws {
        let file = path("usr/share/bash-completion/completions/superlance")
        let script = """
            . \(file); COMP_WORDS=(superlance \(use.words.joined(separator: " ")))
            COMP_CWORD=\(use.words.count); _superlance; echo "${COMPREPLY[0]}"
            """
        #expect(lines(try ChildProcess.run(["/bin/bash", "-uc", script])) == [use.completion])
    }

    @Test(
        .enabled(if: has("zsh") && has("fish")),
        arguments: [
            ("zsh", "usr/share/zsh/site-functions/_superlance"),
            ("fish", "usr/share/fish/vendor_completions.d/superlance.fish"),
        ])
    func `the shells can read the completions of superlance`(use: (shell: String, file: String))
        throws
    {
        try ChildProcess.run(["/usr/bin/\(use.shell)", "-n", path(use.file)])
    }

    @Test(arguments: [["--tickEvent"], ["-e"], ["--tickEvent", "="]])
    func `bash completes the values that an option takes`(before: [String]) throws {
        let file = path("usr/share/bash-completion/completions/crashsms")
        let script = """
            . \(file); COMP_WORDS=(crashsms \(before.joined(separator: " ")) TICK_3)
            COMP_CWORD=\(before.count + 1); _superlance_crashsms; echo "${COMPREPLY[@]}"
            """
        #expect(lines(try ChildProcess.run(["/bin/bash", "-uc", script])) == ["TICK_3600"])
    }

    @Test(arguments: OptionTable.ofAllTools)
    func `zsh knows every option`(table: OptionTable) throws {
        let file = path("usr/share/zsh/site-functions/_\(table.programName)")
        let lines = lines(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
        #expect(lines.first == "#compdef \(table.programName)")
        for option in table.options {
            for word in words(of: option) {
                let sign = option.placeholder == nil ? "" : word.hasPrefix("--") ? "=" : "+"
                #expect(lines.contains { $0.contains("\(word)\(sign)[") })
            }
        }
        if Self.has("zsh") { try ChildProcess.run(["/usr/bin/zsh", "-n", file]) }
    }

    @Test(arguments: OptionTable.ofAllTools)
    func `fish knows every option`(table: OptionTable) throws {
        let name = table.programName
        let file = path("usr/share/fish/vendor_completions.d/\(name).fish")
        let text = text(Array(try Data(contentsOf: URL(fileURLWithPath: file))))
        for option in table.options {
            let letter = option.letter.map { " -s \($0)" } ?? ""
            #expect(text.contains("\ncomplete -c \(name)\(letter) -l \(option.longName) "))
        }
        if Self.has("fish") { try ChildProcess.run(["/usr/bin/fish", "-n", file]) }
    }

    // MARK: Helpers

    private static func has(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func file(page name: String) -> String { path("usr/share/man/man1/\(name).1") }

    private func page(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(page: name))))
    }

    /// A number in parentheses is a process identifier, not a link.
    private func hasMarkdown(_ page: String) -> Bool {
        page.contains("`") || page.contains(/\]\([^0-9]/)
    }

    private func words(of option: OptionSpecification) -> [String] {
        [option.letter.map { "-\($0)" }, "--\(option.longName)"].compactMap { $0 }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func lines(_ bytes: [UInt8]) -> [String] {
        text(bytes).split(separator: "\n").map(String.init)
    }
}
