// Reads mails with Python's email package, to see them as a recipient's program does.

import Foundation
import Testing

/// A mail as Python's email package understands it.
struct ReadMail: Decodable {
    let headers: [[String]]
    let addresses: [[String]]
    let content: String
    let defects: [String]

    subscript(name: String) -> String? {
        headers.first { $0[0] == name }?[1]
    }

    /// Reads several mails by one interpreter, which takes longer to start than to read them.
    static func read(_ mails: [[UInt8]]) throws -> [ReadMail] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script]
        let (input, output) = (Pipe(), FileHandle.temporary())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(
            Data(mails.map { Data($0).base64EncodedString() + "\n" }.joined().utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        try output.seek(toOffset: 0)
        return try JSONDecoder().decode([ReadMail].self, from: output.readToEnd() ?? Data())
    }

    static func read(_ mail: [UInt8]) throws -> ReadMail {
        try #require(try read([mail]).first)
    }

    private static let script = """
        import base64, email, email.header, email.policy, email.utils, json, sys
        def decoded(name):
            return str(email.header.make_header(email.header.decode_header(name)))
        def read(line):
            line = base64.b64decode(line)
            mail = email.message_from_bytes(line, policy=email.policy.default)
            # The newer parser of addresses keeps the blanks between adjacent encoded-words.
            raw = email.message_from_bytes(line)
            defects = [type(d).__name__ for d in mail.defects]
            for value in mail.values():
                defects += [type(d).__name__ for d in value.defects]
            return {
                "headers": [[name, str(value)] for name, value in mail.items()],
                "addresses": [[decoded(n), a] for n, a in email.utils.getaddresses([raw["To"]])],
                "content": mail.get_content().replace("\\r\\n", "\\n"),
                "defects": defects,
            }
        print(json.dumps([read(line) for line in sys.stdin]))
        """
}

extension FileHandle {
    /// A new file that has no name any more.
    fileprivate static func temporary() -> FileHandle {
        guard let file = tmpfile() else { return .nullDevice }
        return FileHandle(fileDescriptor: dup(fileno(file)), closeOnDealloc: true)
    }
}
