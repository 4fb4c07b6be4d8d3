// What must hold of a command line, whatever somebody types.

internal import Glibc
import SupervisorRPC

@testable import Listeners

extension Property {
    /// The input is a ``TypedLine``.
    ///
    /// Options mean what getopt's rules say. There are settings, or there is one line that names
    /// what is wrong. The password `hunter2` is shown to nobody.
    package static let options = Property("options") { input throws(Violation) in
        guard let line = TypedLine(input),
            let tool = Tool.all.first(where: { $0.name == line.tool })
        else { return }
        let parsed: ParsedArguments
        let plain = PlainOptions(line.words, by: tool.options)
        do throws(UsageError) {
            parsed = try tool.options.parse(line.words)
        } catch {
            try requireFault(error, of: line, is: plain)
            return
        }
        try requireSame(parsed, as: plain)
        try requireOverwritten(parsed, plain, line)
        try requireSecret(answer(of: tool, to: parsed, line), line.shows(plain))
    }

    // MARK: What getopt says

    private static func requireFault(
        _ error: UsageError, of line: TypedLine, is plain: PlainOptions
    ) throws(Violation) {
        try requireLine(error.description, "a usage error")
        try require(error.code, is: plain.fault, "the fault '\(error)'")
        // Bytes, since the letter may be a combining character.
        let dashes = line.words.compactMap(\.unicodeScalars.first).filter { !$0.isASCII }
        let beginnings = ["option -"] + (["-"] + dashes).map { "unknown option \($0)" }
        try require(
            beginnings.contains { error.description.utf8.starts(with: $0.utf8) },
            "'\(error)' names no option")
        // What follows a "=" may be a password.
        let names = line.words.map { String($0.unicodeScalars.prefix { $0 != "=" }) }
        try requireSecret(error.description, names.contains { $0.contains(TypedLine.secret) })
    }

    private static func requireSame(
        _ parsed: ParsedArguments, as plain: PlainOptions
    ) throws(Violation) {
        try require(plain.fault, is: nil, "a fault that was not found")
        try require(parsed.operands, is: plain.operands, "the operands")
        try require(
            parsed.occurrences.map { [$0.key.rawValue, $0.text] },
            is: plain.occurrences.map { [$0.option.key.rawValue, $0.text] }, "the options")
        for (found, plain) in zip(parsed.occurrences, plain.occurrences) {
            let names = plain.option.letter.map { ["-\($0)"] } ?? []
            try require(
                (names + ["--\(plain.option.longName)"]).contains(found.name),
                "\(found.name) is no name of --\(plain.option.longName)")
        }
    }

    // MARK: What ps shows

    private static func requireOverwritten(
        _ parsed: ParsedArguments, _ plain: PlainOptions, _ line: TypedLine
    ) throws(Violation) {
        var expected = ([line.tool] + line.words).map { Array($0.utf8) }
        for one in plain.occurrences where DeliveryOptions.secrets.contains(one.option.key) {
            guard let place = one.place else { continue }
            for index in place.offset..<expected[place.word].count {
                expected[place.word][index] = UInt8(ascii: "x")
            }
        }
        for place in plain.operandPlaces { hideLogin(in: &expected[place]) }
        var words = ([line.tool] + line.words).map { strdup($0) }
        defer { for word in words { free(word) } }
        parsed.hideValues(of: DeliveryOptions.secrets, in: &words, count: words.count)
        let shown = words.map { word in word.map { String(cString: $0) } ?? "" }
        try require(
            shown, is: expected.map { String(decoding: $0, as: UTF8.self) }, "what ps shows")
    }

    /// Overwrites the text between `://` and the last `@`.
    private static func hideLogin(in word: inout [UInt8]) {
        let mark = Array("://".utf8)
        let starts = word.indices.filter { word[$0...].starts(with: mark) }
        guard let start = starts.first.map({ $0 + mark.count }),
            let end = word.lastIndex(of: UInt8(ascii: "@")), start < end
        else { return }
        for index in start..<end { word[index] = UInt8(ascii: "x") }
    }

    // MARK: What the tool says

    /// What is in force, or what is wrong.
    private static func answer(
        of tool: Tool, to parsed: ParsedArguments, _ line: TypedLine
    ) throws(Violation) -> String {
        let error: UsageError
        do throws(UsageError) {
            let settings = try Settings(
                parsed, of: tool.options,
                environment: ListenerEnvironment(environment: line.environment),
                mailer: tool.mailer)
            _ = try tool.prepare(settings)
            return ShownConfiguration(table: tool.options, settings: settings).text
        } catch let found {
            error = found
        }
        try requireLine(error.description, "a usage error")
        var names = ["URL", "SUPERVISOR_SERVER_URL"]
        for option in tool.options.options {
            names += ["--\(option.longName)"] + ParsedArguments.variables(of: option)
            if let letter = option.letter { names.append("-\(letter)") }
        }
        let isNamed =
            error.code == .invalidValue
            ? names.contains { error.description.hasPrefix("\($0) ") }
            : names.contains { error.description.contains($0) }
        try require(
            isNamed || error == ListenerEnvironment.notSupervised, "'\(error)' names no option")
        return error.description
    }

    private static func requireSecret(_ text: String, _ isNone: Bool) throws(Violation) {
        try require(
            isNone || !text.contains(TypedLine.secret), "a secret in \(text.debugDescription)")
    }
}
