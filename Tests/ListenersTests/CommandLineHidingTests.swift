import Foundation
import Testing

@testable import Listeners

struct CommandLineHidingTests {
    /// What `ps` would show after the password was hidden.
    private func hidden(_ table: OptionTable, _ arguments: [String]) throws -> [String] {
        let words = [table.programName] + arguments
        let memory = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: words.count)
        for (index, word) in words.enumerated() { memory[index] = strdup(word) }
        defer {
            for index in words.indices { free(memory[index]) }
            memory.deallocate()
        }
        let parsed = try table.parse(arguments)
        parsed.hideValues(of: ["password"], in: memory, count: words.count)
        return words.indices.dropFirst().map { memory[$0].map { String(cString: $0) } ?? "" }
    }

    @Test(arguments: [
        (["-p", "secret"], ["-p", "xxxxxx"]),
        (["-psecret"], ["-pxxxxxx"]),
        (["--password", "secret"], ["--password", "xxxxxx"]),
        (["--password=secret"], ["--password=xxxxxx"]),
        (["--pass=secret"], ["--pass=xxxxxx"]),
        (["--pass", "-s"], ["--pass", "xx"]),
        (["-p", ""], ["-p", ""]),
        (["--password=a=b"], ["--password=xxx"]),
        (["-p", "a", "-u", "b", "-pc"], ["-p", "x", "-u", "b", "-px"]),
        (
            ["operand", "-p", "secret", "-s", "secret"],
            ["operand", "-p", "xxxxxx", "-s", "secret"]
        ),
        (["-p", "pässwort"], ["-p", "xxxxxxxxx"]),
        (["--tls", "--", "-psecret"], ["--tls", "--", "-psecret"]),
    ])
    func `a password is overwritten in every position`(
        arguments: [String], expected: [String]
    ) throws {
        #expect(try hidden(BatchOptions.table(for: .crashMail), arguments) == expected)
    }

    @Test(arguments: [
        ("http://me:geheim@h/", "http://xxxxxxxxx@h/"), ("web=http://u:p@h/", "web=http://xxx@h/"),
        ("http://u:p@ss@h/", "http://xxxxxx@h/"), ("http://u:pa/ss@h/", "http://xxxxxxx@h/"),
        ("http://h/", "http://h/"), ("mail@example.org", "mail@example.org"),
    ])
    func `the login of a URL is overwritten`(operand: String, shown: String) throws {
        #expect(
            try hidden(HTTPOkOptions.table, ["-p", "x", operand, "-t5"]) == [
                "-p", "x", shown, "-t5",
            ])
    }

    @Test func `the value is copied before it is overwritten`() throws {
        let parsed = try BatchOptions.table(for: .crashMail).parse(["-p", "secret"])
        parsed.hideValues(of: [])
        #expect(parsed.value("password")?.text == "secret")
    }
}
