// A message as its recipient's program reads it.

import Foundation

/// A message, decoded by Python's email package.
package struct Mail {
    /// The bytes that came.
    package let raw: [UInt8]
    /// Names and decoded values, in order.
    package let headers: [(name: String, value: String)]
    /// The decoded text; its lines end with a newline, whatever they came with.
    package let body: String
    package let contentType: String
    package let charset: String?
    /// What the package found wrong with it.
    package let defects: [String]

    /// The value of the first header of that name; the case does not matter.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// What superlance would have said: the text without what has been found out beyond it, and a
    /// text message without the host before it.
    package var told: String {
        let found = try? #/\n\n(?:[^\n]+\n    )?host: /#.firstMatch(in: body)
        let text = found.map { body[..<$0.range.lowerBound] + "\n" } ?? body[...]
        let host = "\(ProcessInfo.processInfo.hostName): "
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.hasPrefix("\(host)[") ? $0.dropFirst(host.count) : $0 }
            .joined(separator: "\n")
    }

    /// Decodes messages, all in one go.
    package static func parse(_ messages: [[UInt8]]) throws -> [Mail] {
        guard !messages.isEmpty else { return [] }
        let directory = try TemporaryDirectory()
        var paths: [String] = []
        for (number, bytes) in messages.enumerated() {
            paths.append(directory.path("\(number)"))
            try Data(bytes).write(to: URL(fileURLWithPath: directory.path("\(number)")))
        }
        let output = try ChildProcess.run(
            [HelperServer.python, "-B", HelperServer.script("parse_mail.py")] + paths)
        let parsed = try JSONDecoder().decode([Parsed].self, from: Data(output))
        return zip(messages, parsed).map { raw, parsed in
            Mail(
                raw: raw, headers: parsed.headers.map { ($0[0], $0[1]) }, body: parsed.body,
                contentType: parsed.contentType, charset: parsed.charset, defects: parsed.defects)
        }
    }

    private struct Parsed: Decodable {
        let headers: [[String]]
        let body: String
        let contentType: String
        let charset: String?
        let defects: [String]
    }
}
