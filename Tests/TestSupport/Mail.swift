import Foundation

/// A message, decoded by Python's email package.
package struct Mail {
    /// The bytes received.
    package let raw: [UInt8]
    /// Names and decoded values, in order.
    package let headers: [(name: String, value: String)]
    /// The decoded text, with line feeds as line ends.
    package let body: String
    package let contentType: String
    /// The types of the parts, if there are several.
    package let alternatives: [String]
    package let charset: String?
    /// The defects reported by the package.
    package let defects: [String]

    /// The value of the first header with that name; case-insensitive.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The text that superlance would have sent: without diagnostics, and for a text message
    /// without the host name.
    package var told: String {
        let block = #/\n\n(?:[^\n]+\n    )?(?:now: [^\n]+\n(?:    )?)?host: /#
        // The current state is below the first line.
        let body = body.replacing(#/^([^\n]*)\nnow: [^\n]+/#, maxReplacements: 1) { $0.output.1 }
        let found = try? block.firstMatch(in: body)
        let text = found.map { body[..<$0.range.lowerBound] + "\n" } ?? body[...]
        let host = "\(ProcessInfo.processInfo.hostName): "
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.hasPrefix("\(host)[") ? $0.dropFirst(host.count) : $0 }
            .joined(separator: "\n")
    }

    /// Decodes messages with a single call.
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
                contentType: parsed.contentType, alternatives: parsed.alternatives,
                charset: parsed.charset, defects: parsed.defects)
        }
    }

    private struct Parsed: Decodable {
        let headers: [[String]]
        let body: String
        let contentType: String
        let alternatives: [String]
        let charset: String?
        let defects: [String]
    }
}
