// Texts by their bytes.

import Testing

@testable import Text

@Suite struct ExactTextTests {
    @Test func `canonically equivalent texts are not equal`() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed == decomposed)
        #expect(!composed.isExactly(decomposed))
        #expect(composed.isExactly(composed) && "".isExactly("") && !"a".isExactly("ab"))
        #expect(!"\u{212A}".isExactly("K"))
        #expect(Set([ExactText(composed), ExactText(decomposed), ExactText(composed)]).count == 2)
    }

    @Test func `the case of ASCII letters can be ignored`() {
        #expect("Retry-AFTER".isExactly(ignoringCase: "retry-after"))
        #expect(!"coo\u{212A}ie".isExactly(ignoringCase: "cookie"))
        #expect(!"\u{C9}".isExactly(ignoringCase: "\u{E9}") && !"@".isExactly(ignoringCase: "`"))
        #expect(!"Date\u{301}".isExactly(ignoringCase: "Date"))
    }

    @Test func `a combining character does not hide a prefix or suffix`() {
        #expect("/\u{301}x".beginsExactly(with: "/"))
        #expect(!"a\u{301}".beginsExactly(with: "\u{E1}"))
        #expect("x\u{301}".endsExactly(with: "\u{301}"))
        #expect(!"\u{E1}".endsExactly(with: "\u{301}") && "ab".endsExactly(with: ""))
    }

    @Test(arguments: [(0, "", ""), (2, "e\u{301}", "yz"), (3, "e\u{301}x", "xyz"), (9, nil, nil)])
    func `limits are in scalars, not in characters`(
        count: Int, first: String?, last: String?
    ) {
        let text = "e\u{301}xyz"
        #expect(String(text.prefix(scalars: count)).isExactly(first ?? text))
        #expect(String(text.suffix(scalars: count)).isExactly(last ?? text))
    }

    @Test(arguments: [
        ("%41%+5%4", "A%+5%4"), ("%-1", "%-1"), ("%c3%A9", "é"), ("%%41", "%A"), ("%zz", "%zz"),
    ])
    func `a sign is not a digit of an escape`(text: String, expected: String) {
        #expect(text.percentDecoded == expected)
    }

    @Test func `an endless character is cut, not dropped`() {
        let text = "e" + String(repeating: "\u{301}", count: 5_000)
        let cut = text.cut(to: 1_000)
        #expect((990...1_000).contains(cut.utf8.count) && cut.hasSuffix("…"))
        #expect("aaaae\u{301}bb".cut(to: 8) == "aaaa…")
    }
}
