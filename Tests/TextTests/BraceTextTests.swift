import Testing

@testable import Text

/// Text with names in braces.
@Suite struct BraceTextTests {
    private func filled(_ text: String) throws -> String {
        try BraceText(text, names: ["a", "b"]).filled { "<\($0)>" }
    }

    @Test(arguments: [
        ("", ""), ("text", "text"), ("{a}", "<a>"), ("x{a}y{b}{a}z", "x<a>y<b><a>z"),
        ("{{a}}", "{a}"), ("{{{a}}}", "{<a>}"), ("a}b", "a}b"), ("100% {a}", "100% <a>"),
        ("{a}\u{301}", "<a>\u{301}"),
    ])
    func `Names are filled in, and double braces are single ones`(text: String, result: String)
        throws
    {
        #expect(try filled(text) == result)
    }

    @Test(arguments: [
        ("{c}", BraceText.Fault.unknownName("c")), ("{a}{}", .unknownName("")),
        ("{A}", .unknownName("A")), ("{ a }", .unknownName(" a ")), ("{a", .openBrace),
        ("x{", .openBrace), ("{{{", .openBrace), ("{a\u{301}}", .unknownName("a\u{301}")),
    ])
    func `Unknown names and open braces are rejected`(text: String, fault: BraceText.Fault) {
        #expect(throws: fault) { try BraceText(text, names: ["a", "b"]) }
    }
}
