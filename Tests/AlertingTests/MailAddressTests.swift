import Testing

@testable import Alerting

struct MailAddressTests {
    @Test(arguments: [
        ("root", ["root"]),
        ("a@b.c", ["a@b.c"]),
        ("  a@b.c  ", ["a@b.c"]),
        ("<a@b.c>", ["a@b.c"]),
        ("< a@b.c >", ["a@b.c"]),
        ("Name <a@b.c>", ["Name <a@b.c>"]),
        ("Name<a@b.c>", ["Name <a@b.c>"]),
        ("Two  Words <a@b.c>", ["Two Words <a@b.c>"]),
        ("Name <root>", ["Name <root>"]),
        ("\"Last, First\" <a@b.c>", ["\"Last, First\" <a@b.c>"]),
        ("\"Plain\" <a@b.c>", ["Plain <a@b.c>"]),
        ("\"two  blanks\" <a@b.c>", ["\"two  blanks\" <a@b.c>"]),
        ("\"a \\\"b\\\" \\\\ c\" <a@b.c>", ["\"a \\\"b\\\" \\\\ c\" <a@b.c>"]),
        ("J. Q. Public <a@b.c>", ["\"J. Q. Public\" <a@b.c>"]),
        ("ops@b.c <a@b.c>", ["\"ops@b.c\" <a@b.c>"]),
        ("[prod] <a@b.c>", ["\"[prod]\" <a@b.c>"]),
        ("\"\" <a@b.c>", ["a@b.c"]),
        ("\"  \" <a@b.c>", ["a@b.c"]),
        ("root (Charlie, the (nested \\) one) Root)", ["root"]),
        ("(first) a@b.c", ["a@b.c"]),
        ("Name (,) <a@b.c> (,)", ["Name <a@b.c>"]),
        ("a@b.c, d@e.f", ["a@b.c", "d@e.f"]),
        ("a@b.c,d@e.f", ["a@b.c", "d@e.f"]),
        (", a@b.c,, (x), d@e.f,", ["a@b.c", "d@e.f"]),
        ("A <a@b.c>, \"B, b\" <b@b.c>,c", ["A <a@b.c>", "\"B, b\" <b@b.c>", "c"]),
        ("user+tag@b.c", ["user+tag@b.c"]),
        ("o'neil!#$%&*-/=?^_`{|}~@b.c", ["o'neil!#$%&*-/=?^_`{|}~@b.c"]),
        ("\"a b\"@b.c", ["\"a b\"@b.c"]),
        ("\"a,b\"@b.c, d", ["\"a,b\"@b.c", "d"]),
        ("\"a@b\"@c.d", ["\"a@b\"@c.d"]),
        ("a.\"b c\"@d.e", ["a.\"b c\"@d.e"]),
        ("a@[192.0.2.1]", ["a@[192.0.2.1]"]),
        ("a@[IPv6:::1]", ["a@[IPv6:::1]"]),
        ("a@localhost", ["a@localhost"]),
        ("-f@b.c", ["-f@b.c"]),
        ("müller@bücher.example", ["müller@bücher.example"]),
        ("Jürgen <a@b.c>", ["=?utf-8?q?J=C3=BCrgen?= <a@b.c>"]),
        ("\"Müller, Jürgen\" <a@b.c>", ["=?utf-8?b?TcO8bGxlciwgSsO8cmdlbg==?= <a@b.c>"]),
        ("\u{201C}Ops\u{201D} <a@b.c>", ["=?utf-8?b?4oCcT3Bz4oCd?= <a@b.c>"]),
        ("a\u{200D}b@c\u{200C}d.example", ["a\u{200D}b@c\u{200C}d.example"]),
        ("监控 <a@b.c>", ["=?utf-8?b?55uR5o6n?= <a@b.c>"]),
        ("=?utf-8?q?x?= <a@b.c>", ["=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <a@b.c>"]),
    ])
    func `a list is parsed and written in the form of a header`(text: String, expected: [String])
        throws
    {
        #expect(try MailAddress.list(text).map(\.headerText) == expected)
    }

    @Test func `the envelope contains the address without the name`() throws {
        let list = try MailAddress.list("\"Last, First\" <a@b.c>, Jürgen <d@e.f>, root")
        #expect(list.map(\.mailbox) == ["a@b.c", "d@e.f", "root"])
        #expect(list.map(\.displayName) == ["Last, First", "Jürgen", nil])
        #expect(list.map(\.needsUTF8) == [false, false, false])
        #expect(try MailAddress.list("ü@b.c")[0].needsUTF8)
    }

    @Test(arguments: [
        ("", "no address in an address list"),
        ("   ", "no address in an address list"),
        (",,", "no address in an address list"),
        ("(only a comment)", "no address in an address list"),
        ("a@b.c\nBcc: x@y.z", "control character in an address list"),
        ("a@b.c\r", "control character in an address list"),
        ("a\0@b.c", "control character in an address list"),
        ("a@b.c,\td@e.f", "control character in an address list"),
        ("\"a\nb\" <a@b.c>", "control character in an address list"),
        ("(a\nb) a@b.c", "control character in an address list"),
        ("a\u{7F}@b.c", "control character in an address list"),
        ("a\u{85}@b.c", "control character in an address list"),
        ("N\u{2028} <a@b.c>", "control character in an address list"),
        ("\"Name <a@b.c>", "unclosed quote in an address list"),
        ("\"Name\\", "unclosed quote in an address list"),
        ("(Name <a@b.c>", "unclosed comment in an address list"),
        ("a@b.c)", "')' without '(' in an address list"),
        ("Name <a@b.c", "unclosed '<' in 'Name <a@b.c'"),
        ("Name <a@b.c, d@e.f", "unclosed '<' in 'Name <a@b.c, d@e.f'"),
        ("<<a@b.c>>", "unclosed '<' in '<<a@b.c>>'"),
        ("a@b.c>", "'>' without '<' in 'a@b.c>'"),
        ("x> <a@b.c>", "'>' without '<' in 'x> <a@b.c>'"),
        ("Name <>", "no address between '<' and '>' in 'Name <>'"),
        ("<  >", "no address between '<' and '>' in '< >'"),
        ("<a@b.c> Name", "text after '>' in '<a@b.c> Name'"),
        ("<a@b.c><d@e.f>", "text after '>' in '<a@b.c><d@e.f>'"),
        ("a b@c.d", "white space inside the address 'a b@c.d'"),
        ("a@b.c d@e.f", "white space inside the address 'a@b.c d@e.f'"),
        ("a @ b.c", "white space inside the address 'a @ b.c'"),
        ("a(x)b@c.d", "white space inside the address 'a b@c.d'"),
        ("<a b@c.d>", "white space inside the address '<a b@c.d>'"),
        ("a\u{A0}b@c.d", "white space inside the address 'a\u{A0}b@c.d'"),
        ("a@b.c;d@e.f", "no valid domain after '@' in 'a@b.c;d@e.f'"),
        ("a;b", "unexpected ';' in 'a;b'"),
        ("Team: a@b.c", "white space inside the address 'Team: a@b.c'"),
        ("Team: <a@b.c>", "unexpected ':' in 'Team: <a@b.c>'"),
        ("mailto:a@b.c", "unexpected ':' in 'mailto:a@b.c'"),
        ("<a,b@c.d>", "unexpected ',' in '<a,b@c.d>'"),
        ("<@relay:a@b.c>", "nothing before '@' in '<@relay:a@b.c>'"),
        ("a\\b@c.d", "unexpected '\\' in 'a\\b@c.d'"),
        ("a\"b\"@c.d", "unexpected '\"' in 'a\"b\"@c.d'"),
        ("\"a\"\"b\"@c.d", "unexpected '\"' in '\"a\"\"b\"@c.d'"),
        ("\"a\"b@c.d", "text after a quote in '\"a\"b@c.d'"),
        ("Name <a\"b\">", "unexpected '\"' in 'Name <a\"b\">'"),
        ("@b.c", "nothing before '@' in '@b.c'"),
        ("a@", "no valid domain after '@' in 'a@'"),
        ("a@b@c", "no valid domain after '@' in 'a@b@c'"),
        ("a@b..c", "no valid domain after '@' in 'a@b..c'"),
        ("a@.b", "no valid domain after '@' in 'a@.b'"),
        ("a@b.", "no valid domain after '@' in 'a@b.'"),
        ("a@[]", "no valid domain after '@' in 'a@[]'"),
        ("a@[1", "no valid domain after '@' in 'a@[1'"),
        ("a@\"b\"", "no valid domain after '@' in 'a@\"b\"'"),
        ("\u{201C}ops@b.c\u{201D}", "remove '\u{201C}' in '\u{201C}ops@b.c\u{201D}'"),
        ("ops@b.c\u{BB}", "remove '\u{BB}' in 'ops@b.c\u{BB}'"),
        ("N <\u{2018}a@b.c\u{2019}>", "remove '\u{2018}' in 'N <\u{2018}a@b.c\u{2019}>'"),
        ("\u{201E}ops\u{201C}", "remove '\u{201E}' in '\u{201E}ops\u{201C}'"),
        ("a\u{FF20}b.c", "write @ instead of '\u{FF20}' in 'a\u{FF20}b.c'"),
        (
            "a@b\u{200B}.c",
            "remove the invisible character U+200B in 'a@b\u{200B}.c'"
        ),
        (
            "\u{FEFF}a@b.c",
            "remove the invisible character U+FEFF in '\u{FEFF}a@b.c'"
        ),
        ("\"Last, First\"", "a name without an address in '\"Last, First\"'"),
        (
            String(repeating: "a", count: 317) + "@b.c",
            "an address of 321 octets, more than 320"
        ),
    ])
    func `an invalid list is rejected in one clause`(text: String, expected: String) {
        #expect {
            try MailAddress.list(text)
        } throws: { error in
            "\(error)" == expected
        }
    }

    @Test(arguments: [
        ("root", "web1", "root@web1"),
        ("first.last", "web1.example.com", "first.last@web1.example.com"),
        ("DOMAIN user", "web1", "\"DOMAIN user\"@web1"),
        ("a\"b\\", "web1", "\"a\\\"b\\\\\"@web1"),
        (".hidden", "web1", "\".hidden\"@web1"),
        ("a\nb", "web1", "a_b@web1"),
        ("", "", "nobody@localhost"),
        ("1000", "my host", "1000@my-host"),
        ("x", "a..b.", "x@a.b"),
    ])
    func `any user and host form a sender`(
        user: String, host: String, expected: String
    ) throws {
        let address = MailAddress(user: user, host: host)
        #expect(address.mailbox == expected)
        #expect(try MailAddress.list(address.mailbox) == [address])
    }

    @Test func `a very long user name forms an address`() throws {
        let address = MailAddress(user: String(repeating: "\"", count: 500), host: "h")
        #expect(try MailAddress.list(address.mailbox) == [address])
    }

    @Test func `the default sender is an address`() throws {
        let address = MailAddress.defaultSender()
        #expect(try MailAddress.list(address.mailbox) == [address])
        #expect(address.mailbox.contains("@"))
    }
}
