import Testing

@testable import Alerting

/// Reads and writes text made by chance of what headers trip over.
struct MailFuzzTests {
    /// A generator whose numbers are the same in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private func text(of pieces: [String], upTo count: Int, _ dice: inout Dice) -> String {
        (0..<Int.random(in: 0...count, using: &dice)).map { _ in
            pieces.randomElement(using: &dice) ?? ""
        }.joined()
    }

    private func bytes(to: [MailAddress], subject: String, body: String) throws -> [UInt8] {
        let mail = MailMessage(
            from: try MailAddress.list("a@b.c")[0], to: to, subject: subject,
            date: MessageDate(seconds: 0, offset: 0),
            messageID: MessageID(seconds: 0, random: 1, host: "h"),
            body: body)
        return mail.bytes(lineEnding: .carriageReturnLineFeed)
    }

    @Test func `every accepted list is valid for another parser`() throws {
        var dice = Dice(state: 1)
        let pieces = [
            "a", "b@c.d", "root", " ", " ", ",", ",", "<", ">", "\"", "(", ")", "\\", "@", ".", ";",
            ":", "[", "]", "é", "监", "=?utf-8?q?x?=", "=", "?", "\n", "<a@b.c>", "\"x, y\" <d@e.f>",
        ]
        var lists: [[MailAddress]] = []
        for _ in 0..<5_000 {
            let source = text(of: pieces, upTo: 9, &dice)
            guard let list = try? MailAddress.list(source) else { continue }
            let header = list.map(\.headerText).joined(separator: ", ")
            #expect(try MailAddress.list(header).map(\.mailbox) == list.map(\.mailbox))
            let hasControls = header.unicodeScalars.contains { $0.isControl }
            #expect(!hasControls)
            // Python's reader is told no address that needs RFC 6532 or has no domain.
            let isPlain = list.allSatisfy { !$0.needsUTF8 && $0.mailbox.contains("@") }
            if isPlain { lists.append(list) }
        }
        #expect(lists.count > 50)
        let mails = try lists.map { try bytes(to: $0, subject: "s", body: "b") }
        for (list, read) in zip(lists, try ReadMail.read(mails)) {
            #expect(read.addresses.map { $0[1] } == list.map(\.mailbox))
            #expect(read.headers.count == 9)
        }
    }

    @Test func `any subject and body are decoded unchanged`() throws {
        var dice = Dice(state: 2)
        let pieces = [
            "a", "word", " ", "  ", "é", "监", "😀", "=?", "?=", "=", "_", "\"", "<", ".", "From ",
            "e\u{301}", "\u{200D}", String(repeating: "x", count: 70), "=?utf-8?q?x?=", ":", "\\",
        ]
        let bodyPieces = pieces + ["\n", "\n", "\n.\n", "\nFrom ", "\r", "\0", "\t", "\u{1B}"]
        var cases: [(subject: String, body: String)] = []
        for _ in 0..<250 {
            cases.append(
                (text(of: pieces, upTo: 40, &dice), text(of: bodyPieces, upTo: 60, &dice) + ".\n"))
        }
        let to = try MailAddress.list("a@b.c")
        let mails = try cases.map { try bytes(to: to, subject: $0.subject, body: $0.body) }
        for mail in mails {
            for line in mail.split(separator: 10) { #expect(line.count <= 999) }
        }
        for (expected, read) in zip(cases, try ReadMail.read(mails)) {
            #expect(Array((read["Subject"] ?? "-").utf8) == Array(expected.subject.utf8))
            let body = expected.body.replacing("\r\n", with: "\n")
            #expect(Array(read.content.utf8) == Array(body.utf8))
        }
    }
}
