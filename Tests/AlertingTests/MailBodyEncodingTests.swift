import Foundation
import Testing

@testable import Alerting

struct MailBodyEncodingTests {
    private static let long990 = String(repeating: "x", count: 990)
    private static let long991 = String(repeating: "x", count: 991)

    @Test(arguments: [
        ("", "7bit", ""),
        ("\n", "7bit", "\n"),
        ("plain", "7bit", "plain\n"),
        ("plain\n", "7bit", "plain\n"),
        ("a\r\nb", "7bit", "a\nb\n"),
        ("a\r\n\r\nb\r\n", "7bit", "a\n\nb\n"),
        ("tab\tinside ", "7bit", "tab\tinside \n"),
        ("..\n.a\n a.", "7bit", "..\n.a\n a.\n"),
        ("from here\nFrom: x\n From y\nxFrom z", "7bit", "from here\nFrom: x\n From y\nxFrom z\n"),
        (long990, "7bit", long990 + "\n"),
        (
            long991, "quoted-printable",
            String(repeating: String(repeating: "x", count: 75) + "=\n", count: 13)
                + String(repeating: "x", count: 16) + "\n"
        ),
        ("a\n.\nb", "quoted-printable", "a\n=2E\nb\n"),
        (".", "quoted-printable", "=2E\n"),
        (".\r\n", "quoted-printable", "=2E\n"),
        ("From me", "quoted-printable", "=46rom me\n"),
        ("a\nFrom me\n", "quoted-printable", "a\n=46rom me\n"),
        ("caf\u{E9} au lait", "quoted-printable", "caf=C3=A9 au lait\n"),
        ("1 = 1 \u{E9} and so on ", "quoted-printable", "1 =3D 1 =C3=A9 and so on=20\n"),
        ("some words \u{E9} end\t\n", "quoted-printable", "some words =C3=A9 end=09\n"),
        ("a lone\rreturn stays", "quoted-printable", "a lone=0Dreturn stays\n"),
        ("return at end\r", "quoted-printable", "return at end=0D\n"),
        ("two returns here\r\r\nx", "quoted-printable", "two returns here=0D\nx\n"),
        ("a NUL \0 is data", "quoted-printable", "a NUL =00 is data\n"),
        ("\u{1B}[31mred\u{1B}[0m text here", "quoted-printable", "=1B[31mred=1B[0m text here\n"),
        ("delete \u{7F} sign", "quoted-printable", "delete =7F sign\n"),
        ("\u{76D1}\u{63A7}", "base64", "55uR5o6nDQo=\n"),
        ("\u{E9}", "quoted-printable", "=C3=A9\n"),
        ("\u{E9}\u{E9}\u{E9}", "base64", "w6nDqcOpDQo=\n"),
    ])
    func `a body is unencoded if possible, otherwise in the shorter encoding`(
        body: String, encoding: String, expected: String
    ) {
        let result = BodyEncoding.encode(body)
        #expect(result.encoding.rawValue == encoding)
        #expect(String(decoding: result.bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [75, 76, 77, 150, 151, 152, 153])
    func `a soft break limits lines to 76 and creates no dangerous line`(count: Int) throws {
        for tail in ["", ".", "From x", " ", "\t", "\u{E9}", ". ", "F", "=", ".."] {
            let line = String(repeating: "x", count: count) + tail
            let quoted = try #require(
                QuotedPrintableEncoding.encode(Array("\(line)\nnext\n".utf8), upTo: .max))
            for line in quoted.split(separator: 10) {
                #expect(line.count <= 76)
                #expect(line != [UInt8(ascii: ".")] && !line.starts(with: "From ".utf8))
                #expect(line.last != 32 && line.last != 9)
            }
        }
    }

    @Test func `quoted-printable stops at its limit`() {
        let lines = Array("\u{E9}\u{E9}\u{E9}\n".utf8)
        #expect(QuotedPrintableEncoding.encode(lines, upTo: 19)?.count == 19)
        #expect(QuotedPrintableEncoding.encode(lines, upTo: 18) == nil)
    }

    @Test func `base64 equals Foundation's, in lines of 76 characters`() {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let expected = Data(bytes).base64EncodedString(options: [
                .lineLength76Characters, .endLineWithLineFeed,
            ])
            let encoded = Base64Encoding.encode(bytes)
            #expect(String(decoding: encoded, as: UTF8.self) == (count == 0 ? "" : expected + "\n"))
            #expect(encoded.count == Base64Encoding.encodedLength(count))
        }
    }

    @Test func `every body is decoded unchanged`() throws {
        var bodies = [
            "plain\n", "two\n\nlines\n", ".\n", "a\n.\nFrom x\n", "é\n", "监控\n\n进程\n",
            "trailing \t \né\n", Self.long991 + "\n", String(repeating: "é x ", count: 5000) + "\n",
            String(repeating: "监", count: 5000) + "\n", "nul \0 and escape \u{1B} bell \u{7}\n",
            "=3D is no code é\n", "\n\n\né\n", " \n \né\n",
        ]
        for count in 60..<90 {
            bodies.append(String(repeating: "a", count: count) + ".\nFrom é = \n")
            bodies.append(String(repeating: "long words ", count: count) + "é.\n")
        }
        let header = "To: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        let mails = bodies.map { body in
            let content = BodyEncoding.encode(body)
            let field = "Content-Transfer-Encoding: \(content.encoding.rawValue)\n"
            return Array("\(header)\(field)\n".utf8) + content.bytes
        }
        for (body, read) in zip(bodies, try ReadMail.read(mails)) {
            #expect(read.content == body)
        }
    }

    @Test(arguments: ["plain text of a log\n", "größe über\n", "监控进程异常退出\n", "x", "é", "监"])
    func `a body of a mebibyte is encoded in lines that no relay truncates`(piece: String) {
        let body = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        let result = BodyEncoding.encode(body)
        for line in result.bytes.split(separator: 10) { #expect(line.count <= 990) }
        #expect(result.bytes.last == 10)
        #expect(result.bytes.count < 3 << 20)
    }
}
