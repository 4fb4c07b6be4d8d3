import ListenerProtocol
import Testing

@testable import Listeners

struct ProcessPatternTests {
    private let process = ProcessName(group: "shop", name: "web_07")

    @Test(arguments: [
        "web_07", "shop:web_07", "web_*", "shop:*", "*", "*:web_??", "w*7", "web_0[0-9]",
        "web_0[!a-z]", "web_0[^8]", "[w]eb_07", "*[7]", "s*:w*_*7",
    ])
    func `a pattern means a process by its name or by group and name`(pattern: String) {
        #expect(ProcessPattern(pattern).matches(process))
    }

    @Test(arguments: [
        "", "web", "eb_07", "shop", "shop:", "web_0?7", "web_0[!7]", "web_0[8-9]", "other:*",
        "web_07 ", "*x", "?", "[",
    ])
    func `a pattern does not mean other processes`(pattern: String) {
        #expect(!ProcessPattern(pattern).matches(process))
    }

    @Test(arguments: [("a[b", "a[b"), ("[]a]", "]"), ("[]a]", "a"), ("[a-]", "-"), ("[!]]", "x")])
    func `brackets are plain where they are not closed, and members at the start`(
        pattern: String, text: String
    ) {
        #expect(Glob(pattern).matches(text))
    }

    @Test func `canonically equivalent names are different`() {
        #expect(Glob("e\u{301}").matches("e\u{301}"))
        #expect(!Glob("\u{E9}").matches("e\u{301}"))
        #expect(Glob("a*").matches("a\u{301}bc"))
        #expect(Glob("??").matches("e\u{301}"))
    }

    @Test(arguments: [
        ("caf?", "café"), ("?", "\u{1F600}"), ("[é]", "é"), ("stra[ß]e", "straße"),
        ("[à-ü]", "é"), ("[!a-z]", "é"), ("?", "\u{FFFD}"), ("*[я]?", "имяx"),
    ])
    func `a wildcard matches one character beyond ASCII`(pattern: String, text: String) {
        #expect(Glob(pattern).matches(text))
    }

    @Test(arguments: [("caf??", "café"), ("[é]", "\u{E8}"), ("[à-ü]", "z"), ("[!é]", "é")])
    func `a wildcard does not match a part of a character`(pattern: String, text: String) {
        #expect(!Glob(pattern).matches(text))
    }

    @Test func `many stars are matched in no time`() {
        let text = String(repeating: "a", count: 5_000)
        #expect(!Glob(String(repeating: "a*", count: 500) + "b").matches(text))
    }

    @Test func `only a pattern without wildcards is literal`() {
        #expect(ProcessPattern("shop:web").isLiteral)
        #expect(ProcessPattern("a[b").isLiteral)
        #expect(!ProcessPattern("web*").isLiteral)
        #expect(!ProcessPattern("[w]eb").isLiteral)
    }
}
