import System
import Testing

@testable import Alerting

struct MailMessageTests {
    private func mail(
        to: String = "root@web1", subject: String? = "s", extra: [HeaderField] = [],
        body: String = "b"
    ) throws -> MailMessage {
        MailMessage(
            from: try MailAddress.list("supervisor@web1")[0], to: try MailAddress.list(to),
            subject: subject, date: MessageDate(seconds: 1_795_212_103, offset: 0),
            messageID: MessageID(seconds: 1_795_212_103, random: 0xBEEF, host: "web1"),
            extraHeaders: extra, body: body)
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    @Test func `a mail for a sendmail command consists of these lines`() throws {
        let mail = try mail(
            to: "root, \"Last, First\" <a@b.c>",
            subject: "foo crashed at 2026-11-20 22:01:43,673",
            extra: [HeaderField(name: "X-Process", text: "foo")],
            body: "Process foo in group foo exited unexpectedly (pid 1) from state RUNNING")
        #expect(
            String(decoding: mail.bytes(lineEnding: .lineFeed), as: UTF8.self) == """
                From: supervisor@web1
                To: root, "Last, First" <a@b.c>
                Subject: foo crashed at 2026-11-20 22:01:43,673
                Date: Fri, 20 Nov 2026 22:01:43 +0000
                Message-ID: <1795212103.000000000000beef@web1>
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 7bit
                Auto-Submitted: auto-generated
                X-Process: foo

                Process foo in group foo exited unexpectedly (pid 1) from state RUNNING

                """)
    }

    @Test func `an alert has the date of its event, a digest that of its first mail`()
        throws
    {
        let address = try MailAddress.list("root@web1")
        let envelope = Envelope(sender: address[0], recipients: address)
        let time = Timestamp(seconds: 1_795_212_103)
        let later = Timestamp(seconds: 1_795_215_703)
        let single = Alert(subject: "a", body: "b", time: time)
        let digest = Digest.of([single, single], from: "crashmail", at: later)
        let batch = Alert(subject: "a", body: "b", time: time, date: later)
        for (alert, date) in [(single, time), (digest, later), (batch, later)] {
            let mail = String(decoding: envelope.mail(alert, lineEnding: .lineFeed), as: UTF8.self)
            #expect(mail.contains("\nDate: \(MessageDate(seconds: date.seconds).text)\n"))
        }
    }

    @Test func `a mail for SMTP ends every line with CR LF and contains no other CR or LF`() throws
    {
        let mail = try mail(subject: "ü\r\nx", body: "one\r\ntwo\n\rthree é\n")
        let bytes = mail.bytes(lineEnding: .carriageReturnLineFeed)
        for (index, byte) in bytes.enumerated() {
            if byte == 10 { #expect(index > 0 && bytes[index - 1] == 13) }
            if byte == 13 { #expect(index + 1 < bytes.count && bytes[index + 1] == 10) }
        }
        #expect(bytes.suffix(2) == [13, 10])
        #expect(bytes.filter { $0 != 13 } == mail.bytes(lineEnding: .lineFeed))
    }

    @Test func `without a subject there is no Subject header`() throws {
        let bytes = try mail(subject: nil).bytes(lineEnding: .lineFeed)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("Subject"))
        #expect(text.contains("To: root@web1\nDate: "))
    }

    @Test func `an empty body is empty, and an empty subject has no space`() throws {
        let text = String(
            decoding: try mail(subject: "", body: "").bytes(lineEnding: .lineFeed), as: UTF8.self)
        #expect(text.contains("\nSubject:\n"))
        #expect(text.hasSuffix("\nAuto-Submitted: auto-generated\n\n"))
    }

    static let subjects = [
        "plain",
        "foo crashed at 2026-11-20 22:01:43,673",
        " leading", "trailing  ", "  ", "a  b   c",
        "Größe überschritten", "监控进程异常退出", "=?utf-8?q?not_encoded?=", "a =? b",
        "emoji 😀" + String(repeating: "😀", count: 60),
        "family " + String(repeating: "👩‍👩‍👧‍👦", count: 20),
        String(repeating: "ascii words ", count: 50) + "end",
        String(repeating: "x", count: 10_000),
        String(repeating: "ü", count: 10_000),
        "p " + String(repeating: "y", count: 900) + " crashed",
        "p " + String(repeating: "y", count: 901) + " crashed",
        String(repeating: "é", count: 21) + "😀" + String(repeating: "é", count: 22) + "😀",
        "a" + String(repeating: " ", count: 2000) + "b",
        "_underscores_ and = and ? ü", "\u{FEFF}bom", "e\u{301}combining", "tail \u{10FFFF}",
    ]

    @Test func `every subject is decoded unchanged`() throws {
        let mails = try Self.subjects.map { try mail(subject: $0).bytes(lineEnding: .lineFeed) }
        for (subject, read) in zip(Self.subjects, try ReadMail.read(mails)) {
            #expect(read["Subject"] == subject)
            #expect(read.defects.isEmpty)
            #expect(read.content == "b\n")
        }
    }

    @Test(arguments: subjects)
    func `no line of a header is too long or empty`(subject: String) throws {
        let bytes = try mail(subject: subject).bytes(lineEnding: .lineFeed)
        let header = lines(bytes).prefix { !$0.isEmpty }
        for line in header {
            #expect(line.count <= 998)
            #expect(line.contains { $0 != 32 })
            #expect(line.allSatisfy { (0x20...0x7E).contains($0) })
            let text = String(decoding: line, as: UTF8.self)
            if text.contains("=?utf-8?") { #expect(line.count <= 76, "\(text)") }
            let isFoldable = text.drop { $0 == " " }.split(separator: " ").count > 2
            if isFoldable && !text.contains("  ") { #expect(line.count <= 78, "\(text)") }
            for word in text.split(separator: " ") where word.hasPrefix("=?") {
                #expect(word.utf8.count <= 75)
                #expect(word.hasSuffix("?="))
            }
        }
        #expect(header.first == Array("From: supervisor@web1".utf8)[...])
    }

    @Test(arguments: [1, 60, 100, 899, 900, 901, 980, 990, 998, 999, 1000, 1100, 1200])
    func `a word of up to 900 octets is unencoded, and no line exceeds 998`(count: Int) {
        let word = String(repeating: "x", count: count)
        for text in [word, "p \(word)", "p \(word) q", "p\(String(repeating: " ", count: count))q"]
        {
            let field = HeaderField(name: String(repeating: "N", count: 100), text: text)
            #expect(field.name.utf8.count == 64)
            if count > 900 { #expect(field.value.hasPrefix("=?utf-8?")) }
            if count < 900 { #expect(field.value == text) }
            for line in lines(field.folded) { #expect(line.count <= 998) }
        }
    }

    @Test func `encoded words are split between characters`() throws {
        let text = "\(String(repeating: "a", count: 12))😀é监"
        for shift in 0..<60 {
            let subject = String(repeating: "x", count: shift) + String(repeating: text, count: 6)
            for place in [HeaderEncoding.Place.text, .phrase] {
                let words = HeaderEncoding.encodedWords(subject, in: place)
                for word in words.split(separator: " ") {
                    #expect(word.utf8.count <= HeaderEncoding.maximumWordLength)
                    #expect(!decoded(word).contains("\u{FFFD}"))
                }
                #expect(words.split(separator: " ").map(decoded).joined() == subject)
            }
        }
    }

    /// Decodes one word by hand, so that a character cut in two shows.
    private func decoded(_ word: Substring) -> String {
        let parts = word.split(separator: "?", omittingEmptySubsequences: false)
        if parts[2] == "b" {
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            let digits = Array("\(letters)0123456789+/".utf8)
            var (bits, count, bytes) = (0, 0, [UInt8]())
            for byte in parts[3].utf8 where byte != UInt8(ascii: "=") {
                bits = (bits << 6 | (digits.firstIndex(of: byte) ?? 0)) & 0xFFFFFF
                count += 6
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> count))
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var rest = parts[3].utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "=") {
                bytes.append(UInt8(String(rest.prefix(2)) ?? "", radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "_") ? 32 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "x\nBcc: evil@b.c", "x\r\nBcc: evil@b.c", "x\rBcc: evil@b.c", "x\r\n\r\nbody",
        "x\0y", "x\u{85}Bcc: evil@b.c", "x\u{2028}Bcc: y", "\r\n\r\nx", "x\n", "x\u{B}\u{C}y",
        "ü\nBcc: evil@b.c", "=?utf-8?q?x?=\nBcc: evil@b.c", String(repeating: "\n", count: 2000),
        String(repeating: "a\nBcc: b@c.d\n", count: 200),
    ])
    func `untrusted text adds no header`(text: String) throws {
        let harmless = HeaderField(name: "X-Text", text: text)
        let hostile = HeaderField(name: text + ": y", text: text)
        let mail = try mail(subject: text, extra: [harmless, hostile])
        let read = try ReadMail.read(mail.bytes(lineEnding: .lineFeed))
        let expected = [
            "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding", "Auto-Submitted", "X-Text", hostile.name,
        ]
        #expect(read.headers.map { $0[0] } == expected)
        #expect(read.content == "b\n")
        #expect(hostile.name.utf8.count <= 64)
        for line in lines(mail.bytes(lineEnding: .lineFeed)) { #expect(line.count <= 998) }
    }

    @Test(arguments: [
        ("a\nb", "a b"), ("a\r\nb", "a b"), ("a\r\rb", "a  b"), ("a\tb", "a b"), ("a\n", "a"),
        ("\0a", "a"), ("\n", ""),
    ])
    func `a control character in a header becomes a space`(text: String, expected: String) {
        #expect(HeaderField(name: "X", text: text).value == expected)
    }

    @Test func `an extra header does not repeat a standard one`() throws {
        let extra = [
            HeaderField(name: "content-type", text: "text/html"),
            HeaderField(name: "Subject", text: "other"),
            HeaderField(name: "X-One", text: "1"),
        ]
        let read = try ReadMail.read(
            try mail(subject: nil, extra: extra).bytes(lineEnding: .lineFeed))
        #expect(read["Content-Type"] == "text/plain; charset=\"utf-8\"")
        #expect(read["Subject"] == nil)
        #expect(read["X-One"] == "1")
    }

    @Test func `recipients are decoded unchanged and folded between addresses`() throws {
        let expected = [
            ["", "root@web1"], ["Last, First", "a@b.c"], ["Jürgen Müller", "d@e.f"],
            [String(repeating: "监控", count: 100), "g@h.i"],
            [String(repeating: "n", count: 5000), "j@k.l"],
            [String(repeating: "word ", count: 400) + "end", "m@n.o"],
            [String(repeating: "\"", count: 800), "q@q.q"],
            ["a \"quoted\" \\ name", "p@q.r"], ["two  blanks", "s@t.u"],
        ]
        let list = expected.map { pair in
            pair[0].isEmpty ? pair[1] : "\(MailAddress.quoted(pair[0])) <\(pair[1])>"
        }
        let many = (0..<300).map { "user\($0)@example.com" }
        let mail = try mail(to: (list + many).joined(separator: ","))
        let bytes = mail.bytes(lineEnding: .lineFeed)
        let read = try ReadMail.read(bytes)
        #expect(read.addresses == expected + many.map { ["", $0] })
        #expect(read.defects.isEmpty)
        for line in lines(bytes) { #expect(line.count <= 78) }
    }

    @Test(arguments: [
        (0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"),
        (1_795_212_103, 0, "Fri, 20 Nov 2026 22:01:43 +0000"),
        (1_795_212_103, 19_800, "Sat, 21 Nov 2026 03:31:43 +0530"),
        (1_795_212_103, -34_200, "Fri, 20 Nov 2026 12:31:43 -0930"),
        (1_795_212_103, -1800, "Fri, 20 Nov 2026 21:31:43 -0030"),
        (951_782_400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"),
        (4_107_542_399, 0, "Sun, 28 Feb 2100 23:59:59 +0000"),
        (4_107_542_400, 0, "Mon, 01 Mar 2100 00:00:00 +0000"),
        (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
        (1_735_689_599, 0, "Tue, 31 Dec 2024 23:59:59 +0000"),
        (2_147_483_648, 0, "Tue, 19 Jan 2038 03:14:08 +0000"),
    ])
    func `a date is written in English`(seconds: Int, offset: Int, expected: String) {
        #expect(MessageDate(seconds: seconds, offset: offset).text == expected)
    }

    @Test func `a date has the offset of local time`() {
        let date = MessageDate(seconds: 1_795_212_103)
        #expect(date.seconds == 1_795_212_103)
        #expect(abs(date.offset) <= 15 * 3600)
    }

    @Test(arguments: [
        ("web1.example.com", "web1.example.com"), ("", "localhost"), ("...", "localhost"),
        ("a b>\r\nX: y", "a-b---X--y"), (".a..b.", "a.b"), ("büro", "b--ro"),
    ])
    func `a Message-ID contains only valid characters of the host`(host: String, expected: String) {
        let identity = MessageID(seconds: 1, random: .max, host: host)
        #expect(identity.text == "<1.ffffffffffffffff@\(expected)>")
    }
}
